package dev.kite.launcher;

/**
 * A bundle as OSGi's Feature Service specification (159) names it: group, artifact, version.
 *
 * @param group the Maven group
 * @param artifact the artifact
 * @param version the version
 */
record BundleId(String group, String artifact, String version) {
    static BundleId parse(String id) {
        String[] parts = id.split(":");
        if (parts.length != 3) {
            throw new LaunchException("the feature file names \"" + id + "\" where group:artifact:version is wanted");
        }
        return new BundleId(parts[0], parts[1], parts[2]);
    }

    String fileName() {
        return artifact + "-" + version + ".jar";
    }
}
