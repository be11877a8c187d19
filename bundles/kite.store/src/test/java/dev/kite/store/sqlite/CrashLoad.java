package dev.kite.store.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kite.store.CompactedException;
import dev.kite.store.Store;
import dev.kite.store.ValueTransformer;
import dev.kite.store.WriteOptions;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.zip.CRC32;

/**
 * The program that the crash test kills: writers, each with keys of its own, that print a line for each acknowledged write:
 * {@code put|delete|relaxed KEY SEQUENCE REVISION}, and {@code deleting KEY 0 0} before a delete. The sequence counts the
 * writes of one life of a key.
 */
final class CrashLoad {
    static final int WRITERS = 12;
    static final int KEYS = 5;

    private CrashLoad() {}

    public static void main(String[] arguments) throws Exception {
        long seed = Long.parseLong(arguments[1]);
        SqliteStore store = SqliteStore.open(options(Path.of(arguments[0])), ValueTransformer.identity());
        PrintStream out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), false);
        for (int w = 0; w < WRITERS; w++) {
            int writer = w;
            Thread.ofPlatform().start(() -> write(store, writer, new Random(seed + writer), out));
        }
        Random random = new Random(seed - 1);
        while (true) {
            Thread.sleep(10);
            long target = store.revision() - random.nextInt(50);
            try {
                store.compact(Math.max(1, target));
            } catch (CompactedException e) {
                // Retention was there before.
                continue;
            }
        }
    }

    /** Short figures, so that flushes, compaction and checkpoints happen all the time. */
    static SqliteOptions options(Path directory) {
        return SqliteOptions.of(directory)
                .relaxedFlush(Duration.ofMillis(20))
                .retain(Duration.ofMillis(100), 50, 10_000);
    }

    private static void write(Store store, int writer, Random random, PrintStream out) {
        while (true) {
            String key = "/crash/" + writer + "/" + random.nextInt(KEYS);
            var current = store.get(key);
            long sequence = sequence(store, key) + 1;
            String line;
            if (current != null && random.nextInt(10) == 0) {
                print(out, "deleting " + key + " 0 0");
                line = "delete " + key + " " + sequence + " "
                        + store.delete(key, current.modRevision()).revision();
            } else {
                byte[] value = value(key, sequence, random.nextInt(20_000));
                line = "put " + key + " " + sequence + " "
                        + store.put(key, value, current == null ? Store.ABSENT : current.modRevision())
                                .modRevision();
            }
            print(out, line);
            if (random.nextInt(5) == 0) {
                long revision = store.put("/lease/" + writer, new byte[50], Store.ANY, WriteOptions.RELAXED)
                        .modRevision();
                print(out, "relaxed /lease/" + writer + " 0 " + revision);
            }
        }
    }

    private static void print(PrintStream out, String line) {
        synchronized (out) {
            out.print(line + "\n");
            out.flush();
        }
    }

    /** The sequence of the key's last value; 0 for none, since a deleted key starts anew. */
    private static long sequence(Store store, String key) {
        var entry = store.get(key);
        return entry == null ? 0 : parse(key, entry.bytes());
    }

    /** A value that says what it is and can prove that it is whole. */
    static byte[] value(String key, long sequence, int padding) {
        String body = key + " " + sequence + " " + "x".repeat(padding);
        CRC32 sum = new CRC32();
        sum.update(body.getBytes(UTF_8));
        return (sum.getValue() + " " + body).getBytes(UTF_8);
    }

    /** The sequence of a whole value of this key; anything else is an error. */
    static long parse(String key, byte[] value) {
        String text = new String(value, UTF_8);
        int space = text.indexOf(' ');
        String body = text.substring(space + 1);
        CRC32 sum = new CRC32();
        sum.update(body.getBytes(UTF_8));
        String[] parts = body.split(" ", 3);
        if (sum.getValue() != Long.parseLong(text.substring(0, space)) || !parts[0].equals(key)) {
            throw new AssertionError("part of a write at " + key);
        }
        return Long.parseLong(parts[1]);
    }
}
