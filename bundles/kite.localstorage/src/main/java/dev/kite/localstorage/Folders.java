package dev.kite.localstorage;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * Volumes' folders on this node. What is in them belongs to pods: no link below a configured folder is followed, neither to make nor to remove. Thread-safe.
 */
final class Folders {
    /** Each level of a tree that is removed holds a file descriptor; deeper trees are cut and their lower parts removed by themselves. */
    private static final int DEEPEST = 200;

    private Folders() {}

    /**
     * Makes a volume's folder, which all may write to: pods run as any user.
     *
     * @param root the configured folder, made for the owner alone where it is absent
     * @param folder the volume's folder in it
     * @throws IOException if it can't be made, or a link or file is in its place
     */
    static void make(Path root, Path folder) throws IOException {
        if (!Files.isDirectory(root)) {
            Files.createDirectories(root);
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
        }
        Path made = root;
        for (Path part : root.relativize(folder)) {
            made = made.resolve(part);
            try {
                Files.createDirectory(made);
            } catch (FileAlreadyExistsException e) {
                if (!Files.isDirectory(made, LinkOption.NOFOLLOW_LINKS)) {
                    throw new IOException(made + " is there and is no folder", e);
                }
            }
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    /**
     * Tells in which configured folder a volume's folder is.
     *
     * @param roots the configured folders
     * @param folder the volume's folder
     * @return the folder that it is below
     * @throws VolumeException if it is in none
     */
    static Path rootOf(List<Path> roots, Path folder) throws VolumeException {
        Path clean = folder.normalize();
        for (Path root : roots) {
            if (clean.equals(folder) && clean.startsWith(root) && !clean.equals(root)) {
                return root;
            }
        }
        throw new VolumeException(
                folder + " is in none of the configured folders and is left as it is; remove it by hand");
    }

    /**
     * Removes a volume's folder with all that is in it, and the folders above it, below the root, that are empty then.
     *
     * @param root the configured folder
     * @param folder the volume's folder in it; may be gone already
     * @throws IOException if something of it can't be removed
     */
    static void remove(Path root, Path folder) throws IOException {
        Path parent = root;
        for (Path part : root.relativize(folder)) {
            if (!Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS) && !parent.equals(root)) {
                return;
            }
            parent = parent.resolve(part);
        }
        try (DirectoryStream<Path> above = Files.newDirectoryStream(folder.getParent())) {
            if (!(above instanceof SecureDirectoryStream<Path> secure)) {
                throw new IOException("this system has no way to remove a folder without following links");
            }
            Path name = folder.getFileName();
            removeEntry(secure, name, secure, 0);
        } catch (NoSuchFileException e) {
            // Somebody was faster: it is gone, which is what was wanted.
        }
        for (Path up = folder.getParent(); up != null && !up.equals(root) && up.startsWith(root); up = up.getParent()) {
            try (DirectoryStream<Path> rest = Files.newDirectoryStream(up)) {
                if (rest.iterator().hasNext()) {
                    return;
                }
            }
            Files.deleteIfExists(up);
        }
    }

    private static void removeEntry(
            SecureDirectoryStream<Path> in, Path name, SecureDirectoryStream<Path> top, int depth) throws IOException {
        BasicFileAttributes attributes = in.getFileAttributeView(
                        name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
        if (!attributes.isDirectory()) {
            in.deleteFile(name);
            return;
        }
        if (depth == DEEPEST) {
            Path moved = Path.of(".removed-" + java.util.UUID.randomUUID());
            in.move(name, top, moved);
            removeEntry(top, moved, top, 1);
            return;
        }
        try (SecureDirectoryStream<Path> inside = in.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
            for (Path entry : inside) {
                removeEntry(inside, entry.getFileName(), top, depth + 1);
            }
        }
        in.deleteDirectory(name);
    }
}
