package dev.kite.client;

import dev.kite.api.controller.WorkQueue;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The work queue of client-go's contract: a key waits once, is processed by one worker at a time, and one that is added while it is processed waits again when
 * that worker is done. It has no thread of its own: whoever takes moves the delayed keys that are due.
 *
 * @param <K> the key
 */
final class DelayingQueue<K> implements WorkQueue<K> {
    /** The first back-off, as client-go's default controller rate limiter. */
    private static final long FIRST_BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** The longest back-off, as client-go's. */
    private static final long LONGEST_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(1000);

    private record Delayed<K>(K key, long due) {}

    private final LongSupplier nanoClock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<K> waiting = new ArrayDeque<>();
    private final Set<K> dirty = new HashSet<>();
    private final Set<K> processing = new HashSet<>();
    private final Map<K, Long> dueByKey = new HashMap<>();
    private final PriorityQueue<Delayed<K>> delayed = new PriorityQueue<>((a, b) -> Long.signum(a.due() - b.due()));
    private final Map<K, Integer> failures = new HashMap<>();
    private boolean shutDown;

    /**
     * Makes an empty queue.
     *
     * @param nanoClock a monotonic clock in nanoseconds, as {@link System#nanoTime}
     */
    DelayingQueue(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    @Override
    public void add(K key) {
        lock.lock();
        try {
            addLocked(key);
        } finally {
            lock.unlock();
        }
    }

    private void addLocked(K key) {
        if (shutDown || !dirty.add(key) || processing.contains(key)) {
            return;
        }
        waiting.add(key);
        changed.signal();
    }

    @Override
    public void addAfter(K key, Duration delay) {
        lock.lock();
        try {
            if (shutDown) {
                return;
            }
            long nanos = saturatedNanos(delay);
            if (nanos <= 0) {
                addLocked(key);
                return;
            }
            long due = nanoClock.getAsLong() + nanos;
            Long known = dueByKey.get(key);
            if (known != null && known - due <= 0) {
                return;
            }
            dueByKey.put(key, due);
            delayed.add(new Delayed<>(key, due));
            // One taker must learn of the new earliest time; any will do, since each computes its own wait.
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** A delay in nanoseconds, at most a century, so that sums with the clock never overflow. */
    private static long saturatedNanos(Duration delay) {
        long century = TimeUnit.DAYS.toNanos(36_500);
        return delay.compareTo(Duration.ofNanos(century)) > 0 ? century : delay.toNanos();
    }

    @Override
    public void addRateLimited(K key) {
        int before;
        lock.lock();
        try {
            before = failures.merge(key, 1, Integer::sum) - 1;
        } finally {
            lock.unlock();
        }
        addAfter(key, backoff(before));
    }

    /**
     * Returns how long a key waits after failures.
     *
     * @param earlierFailures how often it had failed before
     * @return 5 ms doubled for each earlier failure, 1000 s at most
     */
    static Duration backoff(int earlierFailures) {
        // 2^18 * 5 ms is past the bound.
        long nanos = earlierFailures >= 18 ? LONGEST_BACKOFF_NANOS : FIRST_BACKOFF_NANOS << earlierFailures;
        return Duration.ofNanos(Math.min(nanos, LONGEST_BACKOFF_NANOS));
    }

    @Override
    public void forget(K key) {
        lock.lock();
        try {
            failures.remove(key);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int failures(K key) {
        lock.lock();
        try {
            return failures.getOrDefault(key, 0);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable K take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                moveDue();
                K key = waiting.poll();
                if (key != null) {
                    processing.add(key);
                    dirty.remove(key);
                    if (!waiting.isEmpty()) {
                        changed.signal();
                    }
                    return key;
                }
                if (shutDown) {
                    return null;
                }
                Delayed<K> next = delayed.peek();
                if (next == null) {
                    changed.await();
                } else {
                    changed.awaitNanos(next.due() - nanoClock.getAsLong());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void moveDue() {
        long now = nanoClock.getAsLong();
        for (Delayed<K> next = delayed.peek(); next != null && next.due() - now <= 0; next = delayed.peek()) {
            delayed.poll();
            // Entries that an earlier time superseded are left in the heap and skipped here.
            if (dueByKey.remove(next.key(), next.due())) {
                addLocked(next.key());
            }
        }
    }

    @Override
    public void done(K key) {
        lock.lock();
        try {
            processing.remove(key);
            if (dirty.contains(key)) {
                waiting.add(key);
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int size() {
        lock.lock();
        try {
            moveDue();
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void shutDown() {
        lock.lock();
        try {
            shutDown = true;
            delayed.clear();
            dueByKey.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
