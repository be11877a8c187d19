package dev.kite.cri;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads image archives into containerd with {@code ctr}, each content once: what was loaded is listed by SHA-256 in a file in containerd's own folder, so that the
 * list goes when the images go. A line is {@code <sha256> <size> <mtime in ms> <path>}; a file of the same size and time isn't read again.
 */
final class ImageImporter {
    private static final Logger LOG = LoggerFactory.getLogger(ImageImporter.class);
    private static final long PATIENCE_MINUTES = 10;

    private final Path ctr;
    private final ContainerdLayout layout;
    private final String snapshotter;
    private final Path list;
    private final TreeMap<String, Loaded> loaded = new TreeMap<>();

    /** What was loaded from a path. */
    private record Loaded(String sha256, long size, long time) {}

    ImageImporter(Path ctr, ContainerdLayout layout, String snapshotter) {
        this.ctr = ctr;
        this.layout = layout;
        this.snapshotter = snapshotter;
        this.list = layout.root().resolve("kite-imported");
    }

    /** Loads what is new in the folders; a file that can't be loaded is said and doesn't keep the others. */
    void importAll(List<Path> folders) throws IOException, InterruptedException {
        read();
        for (Path folder : folders) {
            for (Path file : archives(folder)) {
                try {
                    importOne(file);
                } catch (IOException e) {
                    LOG.warn("Cannot import {}: {}", file, e.getMessage());
                }
            }
        }
    }

    private static List<Path> archives(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                for (Path entry : entries) {
                    String name = entry.getFileName().toString().toLowerCase(Locale.ROOT);
                    if (Files.isRegularFile(entry) && name.matches(".*\\.(tar|tgz|tar\\.gz|tzst|tar\\.zst)")) {
                        files.add(entry);
                    }
                }
            }
        }
        files.sort(null);
        return files;
    }

    private void importOne(Path file) throws IOException, InterruptedException {
        long size = Files.size(file);
        long time = Files.getLastModifiedTime(file).toMillis();
        Loaded before = loaded.get(file.toString());
        if (before != null && before.size == size && before.time == time) {
            return;
        }
        String sha256 = sha256(file);
        boolean known = loaded.values().stream().anyMatch(one -> one.sha256.equals(sha256));
        if (!known) {
            load(file);
            LOG.info("Imported images from {}", file);
        }
        loaded.put(file.toString(), new Loaded(sha256, size, time));
        write();
    }

    private void load(Path file) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        ctr.toString(),
                        "--address",
                        layout.socket().toString(),
                        "--namespace",
                        "k8s.io",
                        "images",
                        "import",
                        "--snapshotter",
                        snapshotter,
                        file.toString())
                .redirectErrorStream(true)
                .start();
        try (InputStream output = process.getInputStream()) {
            String words = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IOException(words.substring(words.lastIndexOf('\n') + 1));
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private static String sha256(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // each Java has it
        }
    }

    private void read() throws IOException {
        loaded.clear();
        if (Files.exists(list)) {
            for (String line : Files.readAllLines(list)) {
                String[] parts = line.split(" ", 4);
                if (parts.length == 4 && parts[1].matches("\\d{1,18}") && parts[2].matches("\\d{1,18}")) {
                    loaded.put(parts[3], new Loaded(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2])));
                }
            }
        }
    }

    private void write() throws IOException {
        StringBuilder text = new StringBuilder();
        loaded.forEach((path, one) -> text.append(one.sha256)
                .append(' ')
                .append(one.size)
                .append(' ')
                .append(one.time)
                .append(' ')
                .append(path)
                .append('\n'));
        Files.writeString(list, text);
    }
}
