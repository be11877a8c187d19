package dev.kite.node.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A volume's group by {@code securityContext.fsGroup}, as Kubernetes documents: files are the group's to read and write, or only
 * to read where a pod may not write to the volume; folders pass the group on (setgid).
 */
final class Ownership {
    private static final int SETGID = 02000;
    private static final int FOLDER = SETGID | 0110;
    private static final int READ_WRITE = 0660;
    private static final int READ_ONLY = 0440;
    private static final int MODE_MASK = 07777;

    private Ownership() {}

    /** For volumes that pods write to. */
    static void apply(Path root, @Nullable Long group) throws IOException {
        apply(root, group, READ_WRITE);
    }

    /** For volumes that only the node writes to: secrets, config maps, projections. */
    static void applyReadOnly(Path root, @Nullable Long group) throws IOException {
        apply(root, group, READ_ONLY);
    }

    private static void apply(Path root, @Nullable Long group, int access) throws IOException {
        if (group == null) {
            return;
        }
        try (Stream<Path> entries = Files.walk(root)) {
            for (Path entry : entries.toList()) {
                own(entry, group, access);
            }
        }
    }

    /** Whether the root already belongs to the group, so that {@code OnRootMismatch} leaves the rest alone. */
    static boolean rootMatches(Path root, long group) throws IOException {
        Object owner = Files.getAttribute(root, "unix:gid", LinkOption.NOFOLLOW_LINKS);
        Object mode = Files.getAttribute(root, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return owner instanceof Integer id && id == group && mode instanceof Integer bits && (bits & SETGID) != 0;
    }

    private static void own(Path entry, long group, int access) throws IOException {
        Files.setAttribute(entry, "unix:gid", (int) group, LinkOption.NOFOLLOW_LINKS);
        if (Files.isSymbolicLink(entry)) {
            return;
        }
        int mode = (Integer) Files.getAttribute(entry, "unix:mode", LinkOption.NOFOLLOW_LINKS) & MODE_MASK;
        boolean folder = Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS);
        int added = folder ? access | FOLDER : access;
        Files.setAttribute(entry, "unix:mode", mode | added, LinkOption.NOFOLLOW_LINKS);
    }
}
