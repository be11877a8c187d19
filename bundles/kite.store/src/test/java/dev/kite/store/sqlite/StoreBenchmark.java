package dev.kite.store.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.ThreadMXBean;
import dev.kite.store.Range;
import dev.kite.store.RangeOptions;
import dev.kite.store.Store;
import dev.kite.store.StoreStats;
import dev.kite.store.ValueTransformer;
import dev.kite.store.Watch;
import dev.kite.store.WatchEvent;
import dev.kite.store.WatchOptions;
import dev.kite.store.WriteOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * What the store does in a second on this machine's disk; not a test. Runs for about half a minute: {@code java -cp <test class
 * path> dev.kite.store.sqlite.StoreBenchmark [directory]}.
 */
final class StoreBenchmark {
    private static final Duration SPAN = Duration.ofSeconds(4);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private StoreBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = arguments.length > 0 ? Path.of(arguments[0]) : Files.createTempDirectory("kite-store-bench");
        try (SqliteStore store = SqliteStore.open(SqliteOptions.of(directory), ValueTransformer.identity())) {
            for (int round = 0; round < 2; round++) {
                for (int clients : new int[] {1, 8, 64}) {
                    write(store, clients, 2000, WriteOptions.DURABLE);
                }
                write(store, 64, 300, WriteOptions.RELAXED);
                list(store, 5000, 7000);
                watch(store, 1);
                watch(store, 200);
            }
        }
        long start = System.nanoTime();
        try (SqliteStore store = SqliteStore.open(SqliteOptions.of(directory), ValueTransformer.identity())) {
            System.out.printf(
                    "open with %d keys: %d ms%n", store.stats().keys(), (System.nanoTime() - start) / 1_000_000);
        }
        if (arguments.length == 0) {
            delete(directory);
        }
    }

    private static void write(Store store, int clients, int size, WriteOptions options) throws Exception {
        StoreStats before = store.stats();
        long writerBytes = allocatedByWriter();
        List<Thread> threads = new ArrayList<>();
        List<long[]> latencies = new ArrayList<>();
        long end = System.nanoTime() + SPAN.toNanos();
        for (int c = 0; c < clients; c++) {
            String prefix = "/bench/" + clients + "/" + c + "/";
            long[] times = new long[200_000];
            latencies.add(times);
            byte[] value = new byte[size];
            threads.add(Thread.ofVirtual().start(() -> {
                int done = 0;
                for (long now = System.nanoTime(); now < end && done < times.length; done++) {
                    store.put(prefix + done % 100, value, Store.ANY, options);
                    long after = System.nanoTime();
                    times[done] = after - now;
                    now = after;
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        StoreStats after = store.stats();
        long writes = after.writes() - before.writes();
        long[] sorted = latencies.stream()
                .flatMapToLong(Arrays::stream)
                .filter(time -> time > 0)
                .sorted()
                .toArray();
        System.out.printf(
                "%s writes, %d clients, %d bytes: %d/s, p50 %.2f ms, p99 %.2f ms, %.1f writes a commit, %d KB to disk a write,"
                        + " writer allocates %d bytes a write%n",
                options.relaxed() ? "relaxed" : "durable",
                clients,
                size,
                writes / SPAN.toSeconds(),
                sorted[sorted.length / 2] / 1e6,
                sorted[sorted.length * 99 / 100] / 1e6,
                (double) writes / Math.max(1, after.commits() - before.commits()),
                (after.bytesWritten() - before.bytesWritten()) / writes / 1024,
                (allocatedByWriter() - writerBytes) / writes);
    }

    private static long allocatedByWriter() {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("kite-store-writer")) {
                return THREADS.getThreadAllocatedBytes(thread.threadId());
            }
        }
        throw new IllegalStateException("no writer");
    }

    private static void list(Store store, int count, int size) throws Exception {
        byte[] value = "x".repeat(size).getBytes(UTF_8);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 50; t++) {
            int thread = t;
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = thread; i < count; i += 50) {
                    store.put("/list/%05d".formatted(i), value, Store.ANY);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        long start = System.nanoTime();
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        int rounds = 1000;
        long sum = 0;
        for (int i = 0; i < rounds; i++) {
            Range range = store.range("/list/", RangeOptions.ALL);
            sum += range.entries().size();
        }
        long nanos = System.nanoTime() - start;
        System.out.printf(
                "list of %d: %.3f ms, %d million entries/s, %d bytes allocated an entry%n",
                count,
                nanos / 1e6 / rounds,
                sum * 1000 / nanos,
                (THREADS.getCurrentThreadAllocatedBytes() - bytes) / sum);
        start = System.nanoTime();
        store.put("/list/00000", value, Store.ANY);
        store.range("/list/", RangeOptions.ALL.at(store.revision() - 1));
        System.out.printf(
                "list of %d at an old revision, from disk: %.1f ms%n", count, (System.nanoTime() - start) / 1e6);
    }

    private static void watch(Store store, int watches) throws Exception {
        int events = 5000;
        CountDownLatch ready = new CountDownLatch(watches);
        CountDownLatch done = new CountDownLatch(watches);
        for (int w = 0; w < watches; w++) {
            Thread.ofVirtual().start(() -> {
                try (Watch watch = store.watch("/watched/", 0, new WatchOptions(events, 1 << 30, 256))) {
                    ready.countDown();
                    int seen = 0;
                    while (seen < events) {
                        List<WatchEvent> taken = watch.take(Duration.ofSeconds(10));
                        seen += taken.size();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } finally {
                    done.countDown();
                }
            });
        }
        ready.await();
        long bytes = THREADS.getTotalThreadAllocatedBytes();
        long start = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 50; t++) {
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < events / 50; i++) {
                    store.put("/watched/a", new byte[100], Store.ANY, WriteOptions.RELAXED);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        done.await();
        long nanos = System.nanoTime() - start;
        System.out.printf(
                "%d watches: %d events/s delivered, %d bytes allocated an event delivered (its write included)%n",
                watches,
                (long) events * watches * 1_000_000_000L / nanos,
                (THREADS.getTotalThreadAllocatedBytes() - bytes) / ((long) events * watches));
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
