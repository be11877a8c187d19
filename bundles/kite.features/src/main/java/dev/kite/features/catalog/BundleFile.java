package dev.kite.features.catalog;

import java.nio.file.Path;

/**
 * A bundle on disk.
 *
 * @param symbolicName its Bundle-SymbolicName, without directives
 * @param version its Bundle-Version
 * @param jar the file, used where it lies
 * @param digest SHA-256 of the file, in hexadecimal
 */
public record BundleFile(String symbolicName, String version, Path jar, String digest) {
    /** @return symbolic name and version, for people */
    public String label() {
        return symbolicName + " " + version;
    }
}
