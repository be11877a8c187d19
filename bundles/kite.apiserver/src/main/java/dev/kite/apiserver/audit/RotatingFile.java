package dev.kite.apiserver.audit;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * A file that is renamed when it grows too large, to {@code audit-2026-11-24T12-00-00.000.log} beside it (UTC), with {@code .gz} behind where those are compressed. Of
 * the renamed ones the oldest are removed. A crash may leave a {@code .tmp} of a compression, which the next rotation writes over. Not thread-safe.
 */
final class RotatingFile extends OutputStream {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss.SSS").withZone(ZoneOffset.UTC);

    private final Path file;
    private final Limits limits;
    private final InstantSource clock;
    private OutputStream out;
    private long size;

    /**
     * When files are renamed and which are kept.
     *
     * @param bytes how large a file becomes
     * @param days how old renamed ones become, 0 for no bound
     * @param backups how many of them are kept, 0 for all
     * @param compress whether they are compressed
     */
    record Limits(long bytes, long days, long backups, boolean compress) {}

    private record Backup(Path path, Instant made) {}

    RotatingFile(Path file, Limits limits, InstantSource clock) throws IOException {
        this.file = file.toAbsolutePath();
        this.limits = limits;
        this.clock = clock;
        Files.createDirectories(
                folder(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        out = open();
    }

    private Path folder() {
        return java.util.Objects.requireNonNull(file.getParent());
    }

    private OutputStream open() throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        size = Files.size(file);
        // Not a channel: those close when a thread that writes is interrupted.
        return new FileOutputStream(file.toFile(), true);
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one});
    }

    /** Writes all or, with an exception, perhaps a part; never divides a line between two files. */
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (size > 0 && size + length > limits.bytes()) {
            rotate();
        }
        out.write(bytes, offset, length);
        size += length;
    }

    private String stem() {
        String name = name();
        int dot = name.lastIndexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    private String ending() {
        return name().substring(stem().length());
    }

    private String name() {
        return String.valueOf(file.getFileName());
    }

    private void rotate() throws IOException {
        out.close();
        Instant at = clock.instant();
        Path to = backup(at);
        while (Files.exists(to) || Files.exists(Path.of(to + ".gz"))) {
            at = at.plusMillis(1);
            to = backup(at);
        }
        Files.move(file, to, StandardCopyOption.ATOMIC_MOVE);
        out = open();
        if (limits.compress()) {
            compress(to);
        }
        prune();
    }

    private Path backup(Instant at) {
        return folder().resolve(stem() + "-" + STAMP.format(at) + ending());
    }

    private void compress(Path from) throws IOException {
        Path temporary = Path.of(from + ".tmp");
        try (InputStream in = Files.newInputStream(from);
                OutputStream packed = new GZIPOutputStream(Files.newOutputStream(temporary))) {
            in.transferTo(packed);
        }
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-------"));
        Files.move(temporary, Path.of(from + ".gz"), StandardCopyOption.ATOMIC_MOVE);
        Files.delete(from);
    }

    private void prune() throws IOException {
        List<Backup> backups;
        try (Stream<Path> files = Files.list(folder())) {
            backups = files.flatMap(this::asBackup)
                    .sorted(Comparator.comparing(Backup::made).reversed())
                    .toList();
        }
        Instant oldest = limits.days() == 0 ? Instant.MIN : clock.instant().minus(Duration.ofDays(limits.days()));
        for (int i = 0; i < backups.size(); i++) {
            if ((limits.backups() > 0 && i >= limits.backups())
                    || backups.get(i).made().isBefore(oldest)) {
                Files.deleteIfExists(backups.get(i).path());
            }
        }
    }

    private Stream<Backup> asBackup(Path path) {
        String name = String.valueOf(path.getFileName());
        String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
        String start = stem() + "-";
        if (!plain.startsWith(start)
                || !plain.endsWith(ending())
                || plain.length() < start.length() + ending().length()) {
            return Stream.empty();
        }
        try {
            return Stream.of(new Backup(
                    path,
                    STAMP.parse(plain.substring(start.length(), plain.length() - ending().length()), Instant::from)));
        } catch (DateTimeParseException somebodyElses) {
            return Stream.empty();
        }
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
