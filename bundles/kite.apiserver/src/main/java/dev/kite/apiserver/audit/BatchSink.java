package dev.kite.apiserver.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes events at once and hands them on from a thread of its own; what finds no room is dropped and counted. */
final class BatchSink implements AuditSink {
    private static final Logger LOG = LoggerFactory.getLogger(BatchSink.class);
    private static final long WARN_EVERY = 10_000;

    private final AuditSink target;
    private final BlockingQueue<ObjectNode> queue;
    private final AtomicLong dropped = new AtomicLong();
    private final Thread writer;

    BatchSink(AuditSink target, int room) {
        this.target = target;
        this.queue = new ArrayBlockingQueue<>(room);
        this.writer = Thread.ofVirtual().name("kite-audit").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                target.accept(queue.take());
            }
        } catch (InterruptedException end) {
            for (ObjectNode event = queue.poll(); event != null; event = queue.poll()) {
                target.accept(event);
            }
        }
    }

    @Override
    public boolean accept(ObjectNode event) {
        boolean taken = queue.offer(event);
        if (!taken && dropped.incrementAndGet() % WARN_EVERY == 1) {
            LOG.warn("the audit log is too slow: {} events are lost", dropped.get());
        }
        return taken;
    }

    /** Returns how many events found no room. */
    long dropped() {
        return dropped.get();
    }

    @Override
    public void close() {
        writer.interrupt();
        try {
            writer.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        target.close();
    }
}
