package dev.kite.features.swap;

/**
 * A bundle in the framework.
 *
 * @param id its number there
 * @param symbolicName its symbolic name
 * @param version its version
 */
public record RunningBundle(long id, String symbolicName, String version) {
    /** @return symbolic name and version, for people */
    public String label() {
        return symbolicName + " " + version;
    }
}
