package dev.kite.node.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder whose files change all at once, in the layout that Kubernetes documents for mounted ConfigMaps: the files are in a folder of their own, {@code ..data} is a link to it that is replaced by
 * one rename, and each name is a link through {@code ..data}. Readers see the old files or the new ones, never a mix.
 *
 * <pre>
 *   config.json        -&gt; ..data/config.json
 *   ..data             -&gt; ..1764000000000
 *   ..1764000000000/config.json
 * </pre>
 */
final class AtomicFolder {
    private static final String DATA = "..data";

    private final Path folder;

    AtomicFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * A file to be.
     *
     * @param content its bytes
     * @param mode its permissions, as chmod's bits
     */
    record FileContent(byte[] content, int mode) {}

    /**
     * Makes the folder hold exactly these files; without effect where it does.
     *
     * @param files by path relative to the folder; checked by the caller: neither absolute nor with {@code ..}
     * @param group the owning group, or null for root's
     * @throws IOException if it can't be written; the old files stay then
     */
    void write(SortedMap<String, FileContent> files, @Nullable Long group) throws IOException {
        Files.createDirectories(folder);
        Path data = folder.resolve(DATA);
        @Nullable Path current = Files.isSymbolicLink(data) ? folder.resolve(Files.readSymbolicLink(data)) : null;
        if (current != null && holds(current, files)) {
            return;
        }
        Path next = folder.resolve(".." + System.currentTimeMillis() + "_" + System.nanoTime());
        for (var entry : files.entrySet()) {
            Path file = next.resolve(entry.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, entry.getValue().content());
            chmod(file, entry.getValue().mode());
        }
        Files.createDirectories(next);
        Ownership.applyReadOnly(next, group);
        Path link = folder.resolve(DATA + "_tmp");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, next.getFileName());
        Files.move(link, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        linkNames(files);
        if (current != null) {
            Trees.delete(current);
        }
    }

    private static boolean holds(Path current, SortedMap<String, FileContent> files) throws IOException {
        for (var entry : files.entrySet()) {
            Path file = current.resolve(entry.getKey());
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    || Files.size(file) != entry.getValue().content().length
                    || !java.util.Arrays.equals(
                            Files.readAllBytes(file), entry.getValue().content())) {
                return false;
            }
        }
        try (Stream<Path> there = Files.walk(current)) {
            return there.filter(Files::isRegularFile).count() == files.size();
        }
    }

    /** Each first segment is a link; those of files that are no more go. */
    private void linkNames(SortedMap<String, FileContent> files) throws IOException {
        Set<String> names = new HashSet<>();
        for (String path : files.keySet()) {
            String first = path.split("/", 2)[0];
            names.add(first);
            Path link = folder.resolve(first);
            if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(link, Path.of(DATA, first));
            }
        }
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.toList()) {
                String name = entry.getFileName().toString();
                if (!name.startsWith("..") && !names.contains(name)) {
                    Files.delete(entry);
                }
            }
        }
    }

    static void chmod(Path file, int mode) throws IOException {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        List<PosixFilePermission> bits = List.of(
                PosixFilePermission.OTHERS_EXECUTE,
                PosixFilePermission.OTHERS_WRITE,
                PosixFilePermission.OTHERS_READ,
                PosixFilePermission.GROUP_EXECUTE,
                PosixFilePermission.GROUP_WRITE,
                PosixFilePermission.GROUP_READ,
                PosixFilePermission.OWNER_EXECUTE,
                PosixFilePermission.OWNER_WRITE,
                PosixFilePermission.OWNER_READ);
        for (int bit = 0; bit < bits.size(); bit++) {
            if ((mode & (1 << bit)) != 0) {
                permissions.add(bits.get(bit));
            }
        }
        Files.setPosixFilePermissions(file, permissions);
    }

    /** Folders and files as wholes, links never followed. */
    static final class Trees {
        private Trees() {}

        static void delete(Path root) throws IOException {
            if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            try (Stream<Path> entries = Files.walk(root)) {
                for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(entry);
                }
            }
        }
    }
}
