package dev.kite.client;

import dev.kite.api.client.ApiException;
import dev.kite.api.controller.Reconciler;
import dev.kite.api.controller.WorkQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Virtual threads that drain one queue. Closing shuts the queue down, lets work in progress finish for a while, then interrupts it.
 *
 * @param <K> the key
 */
final class WorkerLoop<K> implements AutoCloseable {
    /** How long work in progress may finish before it is interrupted: an in-process request runs on the worker's own thread. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    /** Tries that may meet an object which is deleted while the cache still has it; after these something else is wrong. */
    private static final int STALE_TRIES = 5;

    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private final Logger log;
    private final String name;
    private final WorkQueue<K> queue;
    private final Reconciler<K> reconciler;
    private final List<Thread> workers = new ArrayList<>();
    private volatile boolean closing;

    /**
     * Starts the workers.
     *
     * @param name names threads and log lines
     * @param workers how many
     * @param queue what they drain
     * @param reconciler the work
     */
    WorkerLoop(String name, int workers, WorkQueue<K> queue, Reconciler<K> reconciler) {
        this.log = LoggerFactory.getLogger("dev.kite.controller." + name);
        this.name = name;
        this.queue = queue;
        this.reconciler = reconciler;
        for (int i = 0; i < workers; i++) {
            this.workers.add(Thread.ofVirtual().name("kite-" + name + "-" + i).unstarted(this::drain));
        }
        this.workers.forEach(Thread::start);
    }

    private void drain() {
        try {
            for (K key = queue.take(); key != null && !closing; key = queue.take()) {
                try {
                    work(key);
                } finally {
                    queue.done(key);
                }
            }
        } catch (InterruptedException e) {
            // Only close() interrupts; whoever is asked to end ends.
            Thread.currentThread().interrupt();
        }
    }

    private void work(K key) throws InterruptedException {
        try {
            @Nullable Duration again = reconciler.reconcile(key);
            queue.forget(key);
            if (again != null) {
                queue.addAfter(key, again);
            }
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            if (!closing) {
                report(key, e);
                queue.addRateLimited(key);
            }
        } catch (LinkageError | AssertionError | StackOverflowError e) {
            // One broken key must not end the loop for all others.
            report(key, e);
            queue.addRateLimited(key);
        }
    }

    private void report(K key, Throwable failure) {
        if (failure instanceof ApiException api && api.conflict()) {
            log.debug("{}: {} was changed by another, trying again", name, key);
            return;
        }
        if (failure instanceof ApiException api && namespaceGoes(api)) {
            log.debug("{}: {} goes with its namespace", name, key);
            return;
        }
        int failures = queue.failures(key);
        if (failure instanceof ApiException api && api.code() == 404 && failures < STALE_TRIES) {
            log.debug("{}: {} asks for what is gone", name, key, failure);
            return;
        }
        if (failure instanceof ApiException) {
            log.warn("{}: {} failed {} times: {}", name, key, failures + 1, failure.getMessage());
        } else {
            log.warn("{}: {} failed {} times", name, key, failures + 1, failure);
        }
    }

    /** Nobody can help what cannot be created while its namespace is deleted; the words are the API server's admission's. */
    private static boolean namespaceGoes(ApiException failure) {
        return failure.code() == 403
                && failure.getMessage() != null
                && failure.getMessage().contains("because it is being terminated");
    }

    @Override
    public void close() {
        closing = true;
        queue.shutDown();
        try {
            if (!awaitWorkers(GRACE)) {
                workers.forEach(Thread::interrupt);
                if (!awaitWorkers(PATIENCE)) {
                    log.warn("{}: workers did not end within {} s", name, PATIENCE.toSeconds());
                }
            }
        } catch (InterruptedException e) {
            // Whoever closes is in a hurry; the workers are told already.
            Thread.currentThread().interrupt();
        }
    }

    private boolean awaitWorkers(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean ended = true;
        for (Thread worker : workers) {
            ended &= worker.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        }
        return ended;
    }
}
