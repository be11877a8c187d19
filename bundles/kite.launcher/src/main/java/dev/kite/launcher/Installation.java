package dev.kite.launcher;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An unpacked distribution: {@code runtime/} (Java), {@code lib/} (jars by artifact and version), {@code features/} (feature files), {@code images/} (container images).
 *
 * @param home its folder
 */
record Installation(Path home) {
    /** The system property that the start script sets. */
    static final String PROPERTY = "kite.home";

    static Installation current() {
        String home = System.getProperty(PROPERTY);
        if (home == null || !Files.isDirectory(Path.of(home, "lib"))) {
            throw new LaunchException(
                    "no distribution at " + home + "; start Kite by its executable, not by this class");
        }
        return new Installation(Path.of(home));
    }

    Path feature(String name) {
        Path file = home.resolve("features").resolve(name + ".json");
        if (!Files.exists(file)) {
            throw new LaunchException("this distribution has no " + name
                    + ": in this version a cluster is one server, whose node runs the pods; see kite server --help");
        }
        return file;
    }

    Path bundle(BundleId id) {
        return home.resolve("lib").resolve(id.fileName());
    }
}
