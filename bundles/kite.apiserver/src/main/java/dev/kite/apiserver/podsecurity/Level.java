package dev.kite.apiserver.podsecurity;

import org.jspecify.annotations.Nullable;

/**
 * A level of the standards as they were in a version of Kubernetes.
 *
 * @param name privileged, baseline or restricted
 * @param version {@code latest}, or {@code v1.N}
 */
record Level(String name, String version) {
    private static final String PREFIX = "v1.";

    /** The level that asks for nothing. */
    static final Level PRIVILEGED = new Level("privileged", "latest");

    static boolean isName(String name) {
        return name.equals("privileged") || name.equals("baseline") || name.equals("restricted");
    }

    static boolean isVersion(String version) {
        return version.equals("latest") || minor(version) != null;
    }

    private static @Nullable Integer minor(String version) {
        String digits = version.startsWith(PREFIX) ? version.substring(PREFIX.length()) : "";
        boolean plain = !digits.isEmpty()
                && digits.length() < 6
                && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                && (digits.length() == 1 || digits.charAt(0) != '0');
        return plain ? Integer.valueOf(digits) : null;
    }

    /** Whether checks count that came with a minor version. */
    boolean since(int minor) {
        Integer own = minor(version);
        return own == null || own >= minor;
    }

    @Override
    public String toString() {
        return name + ":" + version;
    }
}
