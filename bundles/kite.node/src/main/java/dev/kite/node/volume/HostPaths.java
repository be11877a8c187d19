package dev.kite.node.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** hostPath volumes: the folder, file or device that is there, or is made, by its {@code type}. */
final class HostPaths {
    private static final int FILE_TYPE = 0170000;
    private static final int SOCKET = 0140000;
    private static final int CHARACTER_DEVICE = 0020000;
    private static final int BLOCK_DEVICE = 0060000;

    private HostPaths() {}

    static Path find(String path, String type) throws IOException {
        Path found = Path.of(path);
        switch (type) {
            case "" -> {
                if (!Files.exists(found)) {
                    Files.createDirectories(found);
                }
            }
            case "DirectoryOrCreate" -> {
                if (!Files.exists(found)) {
                    Files.createDirectories(found);
                    AtomicFolder.chmod(found, 0755);
                }
                expect(Files.isDirectory(found), path, "a directory");
            }
            case "FileOrCreate" -> {
                if (!Files.exists(found)) {
                    Files.createFile(found);
                    AtomicFolder.chmod(found, 0644);
                }
                expect(Files.isRegularFile(found), path, "a file");
            }
            case "Directory" -> expect(Files.isDirectory(found), path, "a directory");
            case "File" -> expect(Files.isRegularFile(found), path, "a file");
            case "Socket" -> expect(kind(found) == SOCKET, path, "a socket");
            case "CharDevice" -> expect(kind(found) == CHARACTER_DEVICE, path, "a character device");
            case "BlockDevice" -> expect(kind(found) == BLOCK_DEVICE, path, "a block device");
            default -> throw new IOException("hostPath has no type " + type);
        }
        return found;
    }

    private static int kind(Path path) throws IOException {
        if (!Files.exists(path)) {
            return 0;
        }
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        return attributes.isRegularFile() || attributes.isDirectory()
                ? 0
                : (Integer) Files.getAttribute(path, "unix:mode") & FILE_TYPE;
    }

    private static void expect(boolean holds, String path, String what) throws IOException {
        if (!holds) {
            throw new IOException("hostPath type check failed: " + path + " is not " + what);
        }
    }
}
