package dev.kite.distribution;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * The one file: a shell script of known length, then the image as .tar.xz. The script unpacks it once under the data directory, into a folder named by the archive's
 * SHA-256, and runs it. Needs sh, tar and xz where it runs, and xz where it is built.
 */
final class Executable {
    private Executable() {}

    static Path pack(Path image, Path stub, Path executable) throws IOException {
        Path tar = executable.resolveSibling(executable.getFileName() + ".tar");
        String hash = writeTar(image, tar);
        String script = Files.readString(stub).replace("@HASH@", hash);
        int offset = script.replace("@OFFSET@", "%-8d".formatted(0)).getBytes(StandardCharsets.UTF_8).length;
        byte[] header = script.replace("@OFFSET@", "%-8d".formatted(offset)).getBytes(StandardCharsets.UTF_8);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(executable))) {
            out.write(header);
            compress(tar, out);
        }
        Files.delete(tar);
        Files.setPosixFilePermissions(executable, PosixFilePermissions.fromString("rwxr-xr-x"));
        return executable;
    }

    /** Returns the archive's SHA-256. */
    private static String writeTar(Path image, Path file) throws IOException {
        MessageDigest digest = sha256();
        OutputStream bytes = new DigestOutputStream(new BufferedOutputStream(Files.newOutputStream(file)), digest);
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (Path entry : Trees.list(image)) {
                String name = image.relativize(entry).toString();
                if (!name.isEmpty()) {
                    add(tar, entry, name);
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void add(TarArchiveOutputStream tar, Path file, String name) throws IOException {
        boolean link = Files.isSymbolicLink(file);
        boolean directory = Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
        TarArchiveEntry entry = link
                ? new TarArchiveEntry(name, TarArchiveEntry.LF_SYMLINK)
                : new TarArchiveEntry(directory ? name + "/" : name);
        if (link) {
            entry.setLinkName(Files.readSymbolicLink(file).toString());
        }
        entry.setModTime(0L);
        entry.setIds(0, 0);
        entry.setMode(directory || Files.isExecutable(file) ? 0755 : 0644);
        entry.setSize(link || directory ? 0 : Files.size(file));
        tar.putArchiveEntry(entry);
        if (!link && !directory) {
            Files.copy(file, tar);
        }
        tar.closeArchiveEntry();
    }

    /** By the xz program, which unpacking needs anyway: half the time of xz in Java. One thread, so the same bytes each time. */
    private static void compress(Path tar, OutputStream out) throws IOException {
        String preset = System.getProperty("kite.xz", "6");
        Process xz = new ProcessBuilder(
                        "xz", "-c", "-T1", "--x86", "--lzma2=preset=" + preset + ",dict=32MiB", tar.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        xz.getInputStream().transferTo(out);
        try {
            if (xz.waitFor() != 0) {
                throw new IOException("xz failed with code " + xz.exitValue());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
