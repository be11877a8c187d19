package dev.kite.security.pki;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Files that are whole or absent: written beside their place, synced, then renamed over it, and the folder synced. The mode is set before any content is there.
 */
public final class AtomicFiles {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_ONLY_FOLDER = PosixFilePermissions.fromString("rwx------");

    private AtomicFiles() {}

    /**
     * Writes a file of mode 0600.
     *
     * @param file the file
     * @param content its text
     * @throws IOException if it can't be written; the old file is then unchanged
     */
    public static void write(Path file, String content) throws IOException {
        write(file, content, OWNER_ONLY);
    }

    /**
     * Writes a file.
     *
     * @param file the file
     * @param content its text
     * @param mode its permissions
     * @throws IOException if it can't be written; the old file is then unchanged
     */
    public static void write(Path file, String content, Set<PosixFilePermission> mode) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            // A device such as /dev/null, or a pipe: it takes the text, and must never be renamed over.
            Files.writeString(file, content, StandardOpenOption.WRITE);
            return;
        }
        Path folder = parent(file);
        Path temporary = Files.createTempFile(
                folder, "." + file.getFileName(), ".tmp", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            Files.setPosixFilePermissions(temporary, mode);
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
        sync(folder);
    }

    /**
     * Makes a folder, of mode 0700 where it is new.
     *
     * @param folder the folder
     * @throws IOException if it can't be made
     */
    public static void folder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Path above = folder.toAbsolutePath().getParent();
            if (above != null) {
                Files.createDirectories(above);
            }
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY_FOLDER));
        }
    }

    /**
     * Reads an octal mode.
     *
     * @param octal such as 0600 or 644
     * @return the permissions
     * @throws IllegalArgumentException if it is not three octal digits, with a zero before at most
     */
    public static Set<PosixFilePermission> mode(String octal) {
        if (!octal.matches("0?[0-7]{3}")) {
            throw new IllegalArgumentException("'" + octal + "' is not a file mode such as 0600");
        }
        int bits = Integer.parseInt(octal, 8);
        Set<PosixFilePermission> mode = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] all = PosixFilePermission.values();
        for (int i = 0; i < all.length; i++) {
            if ((bits & (0400 >> i)) != 0) {
                mode.add(all[i]);
            }
        }
        return mode;
    }

    private static Path parent(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IllegalArgumentException(file + " is no file");
        }
        return folder;
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
