package dev.kite.node.pod;

import dev.kite.linux.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Deletes folders of pods that are no more, never through a mount. */
final class Orphans {
    private Orphans() {}

    static void delete(Path folder) throws IOException {
        Path real = folder.toRealPath();
        boolean mounted =
                Mounts.list().stream().anyMatch(mount -> mount.mountPoint().startsWith(real));
        if (mounted) {
            return; // its volumes are still to be taken away
        }
        try (Stream<Path> all = Files.walk(real)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        }
    }
}
