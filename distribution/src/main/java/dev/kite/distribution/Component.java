package dev.kite.distribution;

/**
 * A part of the product that others made, or a bundle of ours.
 *
 * @param group the Maven group
 * @param name the artifact
 * @param version the version
 * @param licence an SPDX expression
 * @param copyright whose it is, empty where its own notices say so
 * @param sha256 of the file that it came in, empty where it lies inside another
 * @param file the file's name, or of the file that it lies in
 */
record Component(
        String group, String name, String version, String licence, String copyright, String sha256, String file)
        implements Comparable<Component> {
    String purl() {
        return "pkg:maven/" + group + "/" + name + "@" + version;
    }

    @Override
    public int compareTo(Component other) {
        return (group + ":" + name + ":" + file).compareTo(other.group + ":" + other.name + ":" + other.file);
    }
}
