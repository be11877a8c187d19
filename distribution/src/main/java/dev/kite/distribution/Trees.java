package dev.kite.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders as wholes. */
final class Trees {
    private Trees() {}

    static List<Path> list(Path root) throws IOException {
        try (Stream<Path> entries = Files.walk(root)) {
            return entries.sorted().toList();
        }
    }

    static void copy(Path from, Path to) throws IOException {
        for (Path entry : list(from)) {
            Path copy = to.resolve(from.relativize(entry).toString());
            if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(copy);
            } else {
                Files.copy(entry, copy, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    static void delete(Path root) throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        for (Path entry : list(root).stream().sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(entry);
        }
    }
}
