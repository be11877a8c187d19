package dev.kite.security;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of Kubernetes' own answers, where this machine has it. */
public final class Reference {
    private Reference() {}

    public static Path folder(String name) {
        String given = System.getProperty("KITE_REFERENCE", System.getenv("KITE_REFERENCE"));
        Path folder = (given == null ? Path.of("../../../shared/reference") : Path.of(given))
                .resolve("kubernetes-1.36")
                .resolve(name);
        assumeTrue(
                Files.isDirectory(folder),
                () -> "skipped: no " + folder.toAbsolutePath().normalize());
        return folder;
    }
}
