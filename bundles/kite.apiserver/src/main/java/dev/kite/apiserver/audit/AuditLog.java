package dev.kite.apiserver.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.metrics.AuditMetrics;
import dev.kite.apiserver.storage.Trees;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes an event a line, each whole and in turn. What can't be written is counted and warned of. */
final class AuditLog implements AuditSink {
    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final long WARN_EVERY = 10_000;

    private final OutputStream out;
    private final Function<ObjectNode, byte[]> form;
    private final AuditMetrics metrics;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicLong lost = new AtomicLong();

    private AuditLog(OutputStream out, Function<ObjectNode, byte[]> form, AuditMetrics metrics) {
        this.metrics = metrics;
        this.out = out;
        this.form = form;
    }

    static AuditLog json(OutputStream out, AuditMetrics metrics) {
        return new AuditLog(out, Trees::write, metrics);
    }

    static AuditLog legacy(OutputStream out, AuditMetrics metrics) {
        return new AuditLog(out, LegacyLine::of, metrics);
    }

    @Override
    public boolean accept(ObjectNode event) {
        byte[] text = form.apply(event);
        byte[] line = java.util.Arrays.copyOf(text, text.length + 1);
        line[text.length] = '\n';
        lock.lock();
        try {
            out.write(line);
            out.flush();
            return true;
        } catch (IOException e) {
            metrics.lost("log", 1);
            if (lost.incrementAndGet() % WARN_EVERY == 1) {
                LOG.warn("the audit log can't be written, {} events are lost: {}", lost.get(), e.getMessage());
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }
}
