package dev.kite.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/** The manifests that every server has, written at each start but where they are disabled or skipped. Batteries bring their objects themselves. */
final class PackagedManifests {
    private static final List<String> ALWAYS = List.of("ccm.yaml", "rolebindings.yaml");
    private static final List<String> BATTERIES = List.of("coredns.yaml", "runtimes.yaml");

    private PackagedManifests() {}

    static void write(Path folder, Set<String> disabled) throws IOException {
        for (String name : ALWAYS) {
            write(folder, name);
        }
        for (String name : BATTERIES) {
            if (!disabled.contains(name.substring(0, name.indexOf('.')))) {
                write(folder, name);
            }
        }
    }

    private static void write(Path folder, String name) throws IOException {
        Path target = folder.resolve(name);
        if (Files.exists(folder.resolve(name + ".skip"))) {
            return;
        }
        byte[] content;
        try (InputStream in = PackagedManifests.class.getResourceAsStream("manifests/" + name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in the bundle");
            }
            content = in.readAllBytes();
        }
        if (Files.exists(target) && java.util.Arrays.equals(Files.readAllBytes(target), content)) {
            return;
        }
        // The name starts with a dot, so that a half-written file is never applied.
        Path temporary = Files.createTempFile(
                folder,
                "." + name,
                ".tmp",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.write(temporary, content);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
