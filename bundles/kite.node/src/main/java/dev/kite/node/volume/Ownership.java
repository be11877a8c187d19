package dev.kite.node.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A volume's group by {@code securityContext.fsGroup}: files are the group's to read and write, folders pass it on (setgid), as Kubernetes documents. */
final class Ownership {
    private static final int SETGID = 02000;
    private static final int GROUP_FOLDER = 0070;
    private static final int GROUP_FILE = 0060;
    private static final int MODE_MASK = 07777;

    private Ownership() {}

    static void apply(Path root, @Nullable Long group) throws IOException {
        if (group == null) {
            return;
        }
        try (Stream<Path> entries = Files.walk(root)) {
            for (Path entry : entries.toList()) {
                own(entry, group);
            }
        }
    }

    /** Whether the root already belongs to the group, so that {@code OnRootMismatch} leaves the rest alone. */
    static boolean rootMatches(Path root, long group) throws IOException {
        Object owner = Files.getAttribute(root, "unix:gid", LinkOption.NOFOLLOW_LINKS);
        Object mode = Files.getAttribute(root, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return owner instanceof Integer id && id == group && mode instanceof Integer bits && (bits & SETGID) != 0;
    }

    private static void own(Path entry, long group) throws IOException {
        Files.setAttribute(entry, "unix:gid", (int) group, LinkOption.NOFOLLOW_LINKS);
        if (Files.isSymbolicLink(entry)) {
            return;
        }
        int mode = (Integer) Files.getAttribute(entry, "unix:mode", LinkOption.NOFOLLOW_LINKS) & MODE_MASK;
        boolean folder = Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(
                entry, "unix:mode", mode | (folder ? GROUP_FOLDER | SETGID : GROUP_FILE), LinkOption.NOFOLLOW_LINKS);
    }
}
