package dev.kite.apiserver.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.metrics.AuditMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes events at once and hands them on in batches from a thread of its own, slowed down to what is set; what finds no room is dropped and counted.
 * Where batches go to a server, several are on their way at once, so that one that is sent again does not hold the others up.
 */
final class BatchSink implements AuditSink {
    private static final Logger LOG = LoggerFactory.getLogger(BatchSink.class);
    private static final long WARN_EVERY = 10_000;
    private static final long CLOSING_SECONDS = 5;

    /** The most batches that are on their way at once. */
    private static final int ON_THEIR_WAY = 32;

    private final AuditSink target;
    private final Settings settings;
    private final AuditMetrics metrics;
    private final BlockingQueue<ObjectNode> queue;
    private final AtomicLong dropped = new AtomicLong();
    private final TokenBucket bucket;
    private final Semaphore free = new Semaphore(ON_THEIR_WAY);
    private final ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
    private final Thread writer;

    /**
     * How batches are made.
     *
     * @param room how many events wait
     * @param most how many events a batch has
     * @param lingers how long the first event of a batch waits for others; zero where each batch is what is there
     * @param perSecond batches a second, 0 for no bound
     * @param burst batches at once
     * @param together whether several batches are on their way at once
     */
    record Settings(int room, int most, Duration lingers, double perSecond, int burst, boolean together) {}

    BatchSink(AuditSink target, int room) {
        this(target, new Settings(room, 1, Duration.ZERO, 0, 0, false), new AuditMetrics());
    }

    BatchSink(AuditSink target, Settings settings, AuditMetrics metrics) {
        this.target = target;
        this.settings = settings;
        this.metrics = metrics;
        this.bucket = new TokenBucket(settings.perSecond(), settings.burst());
        this.queue = new ArrayBlockingQueue<>(settings.room());
        this.writer = Thread.ofVirtual().name("kite-audit").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                List<ObjectNode> batch = collect();
                bucket.take();
                send(batch);
            }
        } catch (InterruptedException end) {
            List<ObjectNode> rest = new ArrayList<>();
            while (queue.drainTo(rest, settings.most()) > 0) {
                target.acceptAll(rest);
                rest = new ArrayList<>();
            }
        }
    }

    private List<ObjectNode> collect() throws InterruptedException {
        List<ObjectNode> batch = new ArrayList<>();
        batch.add(queue.take());
        long end = System.nanoTime() + settings.lingers().toNanos();
        try {
            while (batch.size() < settings.most()) {
                ObjectNode next = queue.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (next == null) {
                    break;
                }
                batch.add(next);
            }
            return batch;
        } catch (InterruptedException ended) {
            target.acceptAll(batch);
            throw ended;
        }
    }

    private void send(List<ObjectNode> batch) throws InterruptedException {
        if (!settings.together()) {
            target.acceptAll(batch);
            return;
        }
        try {
            free.acquire();
        } catch (InterruptedException e) {
            target.acceptAll(batch);
            throw e;
        }
        senders.execute(() -> {
            try {
                target.acceptAll(batch);
            } finally {
                free.release();
            }
        });
    }

    @Override
    public boolean accept(ObjectNode event) {
        if (!queue.offer(event)) {
            metrics.lost("buffered", 1);
            if (dropped.incrementAndGet() % WARN_EVERY == 1) {
                LOG.warn("the audit log is too slow: {} events are lost", dropped.get());
            }
            return false;
        }
        return true;
    }

    /** Returns how many events found no room. */
    long dropped() {
        return dropped.get();
    }

    @Override
    public void close() {
        writer.interrupt();
        try {
            writer.join(Duration.ofSeconds(CLOSING_SECONDS));
            senders.shutdown();
            if (!senders.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                senders.shutdownNow();
            }
        } catch (InterruptedException e) {
            senders.shutdownNow();
            Thread.currentThread().interrupt();
        }
        target.close();
    }
}
