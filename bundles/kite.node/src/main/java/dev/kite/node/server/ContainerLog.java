package dev.kite.node.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Sends a container's log file as it is asked for, and follows it: woken by the kernel when the file grows, across the renames of log rotation, until the container has ended. Used by one
 * thread.
 */
final class ContainerLog {
    private static final int BLOCK = 64 * 1024;
    private static final int LINE_BOUND = 1024 * 1024;
    private static final long WAIT_MILLIS = 1_000;

    private final Path file;
    private final LogOptions options;
    private final OutputStream out;
    private final BooleanSupplier running;
    private final BooleanSupplier closed;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long left;
    private boolean lineStart = true;

    /**
     * A log to be sent.
     *
     * @param file the log file
     * @param options what of it
     * @param out where to
     * @param running whether the container may still write
     * @param closed whether the reader went away
     */
    ContainerLog(Path file, LogOptions options, OutputStream out, BooleanSupplier running, BooleanSupplier closed) {
        this.file = file;
        this.options = options;
        this.out = out;
        this.running = running;
        this.closed = closed;
        this.left = options.limitBytes() < 0 ? Long.MAX_VALUE : options.limitBytes();
    }

    void send() throws IOException, InterruptedException {
        if (!options.follow()) {
            try (RandomAccessFile input = new RandomAccessFile(file.toFile(), "r")) {
                input.seek(start(input));
                drain(input);
            }
            out.flush();
            return;
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException("not a file: " + file);
        }
        try (WatchService watch = file.getFileSystem().newWatchService()) {
            folder.register(
                    watch,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_DELETE);
            follow(watch);
        }
    }

    private void follow(WatchService watch) throws IOException, InterruptedException {
        RandomAccessFile input = new RandomAccessFile(file.toFile(), "r");
        try {
            input.seek(start(input));
            while (left > 0 && !closed.getAsBoolean()) {
                boolean mayGrow = running.getAsBoolean();
                drain(input);
                out.flush();
                if (!mayGrow) {
                    return;
                }
                RandomAccessFile next = rotated(input);
                if (next != null) {
                    input.close();
                    input = next;
                    continue;
                }
                await(watch);
            }
        } finally {
            input.close();
        }
    }

    private static void await(WatchService watch) throws InterruptedException {
        WatchKey key = watch.poll(WAIT_MILLIS, TimeUnit.MILLISECONDS);
        if (key != null) {
            key.pollEvents();
            key.reset();
        }
    }

    /** The new file where the name now belongs to another, and the old one has been read to its end. */
    private @org.jspecify.annotations.Nullable RandomAccessFile rotated(RandomAccessFile input) throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        RandomAccessFile now = new RandomAccessFile(file.toFile(), "r");
        boolean other = now.length() < input.getFilePointer();
        if (other) {
            drain(input);
            return now;
        }
        now.close();
        return null;
    }

    /** Where the wanted last lines begin: blocks are read from the end. */
    private long start(RandomAccessFile input) throws IOException {
        long end = input.length();
        if (options.tailLines() < 0) {
            return 0;
        }
        if (options.tailLines() == 0) {
            return end;
        }
        long found = 0;
        byte[] block = new byte[BLOCK];
        for (long to = end; to > 0; ) {
            int length = (int) Math.min(BLOCK, to);
            input.seek(to - length);
            input.readFully(block, 0, length);
            for (int i = length - 1; i >= 0; i--) {
                long position = to - length + i;
                if (block[i] == '\n' && position != end - 1 && ++found == options.tailLines()) {
                    return position + 1;
                }
            }
            to -= length;
        }
        return 0;
    }

    private void drain(RandomAccessFile input) throws IOException {
        byte[] block = new byte[BLOCK];
        int read;
        while (left > 0 && (read = input.read(block)) > 0) {
            int from = 0;
            for (int i = 0; i < read; i++) {
                if (block[i] == '\n') {
                    line.write(block, from, i - from);
                    from = i + 1;
                    emit();
                }
            }
            if (line.size() > LINE_BOUND) {
                emit();
            }
            line.write(block, from, read - from);
        }
    }

    private void emit() throws IOException {
        LogLine parsed = LogLine.parse(line.toByteArray());
        line.reset();
        if (!options.stream().isEmpty() && !options.stream().equals(parsed.stream())) {
            return;
        }
        Instant time = parsed.instant();
        if (options.since() != null && time != null && time.isBefore(options.since())) {
            return;
        }
        if (options.timestamps() && lineStart) {
            write((parsed.time() + " ").getBytes(StandardCharsets.UTF_8));
        }
        lineStart = !parsed.partial();
        write(parsed.content());
    }

    private void write(byte[] bytes) throws IOException {
        int length = (int) Math.min(left, bytes.length);
        out.write(bytes, 0, length);
        left -= length;
    }
}
