package dev.kite.apiserver.cluster;

import dev.kite.apiserver.storage.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Keys that are to be looked at, now or later; a key is there once, at its earliest time. Thread-safe. */
final class DelayedKeys<K> {
    private final Map<K, Long> due = new HashMap<>();
    private final Signal signal = new Signal();

    /** Adds a key that is due now. */
    void add(K key) {
        addAfter(key, Duration.ZERO);
    }

    /** Adds a key that is due after a time. */
    void addAfter(K key, Duration delay) {
        long at = System.nanoTime() + delay.toNanos();
        synchronized (this) {
            due.merge(key, at, (one, other) -> one - other < 0 ? one : other);
        }
        signal.raise();
    }

    /** Wakes who waits in {@link #take}. */
    void wake() {
        signal.raise();
    }

    /** Waits until something is due, or somebody wakes; returns what is due then and forgets it. */
    List<K> take() throws InterruptedException {
        signal.await(untilNext());
        return due();
    }

    private synchronized Duration untilNext() {
        long now = System.nanoTime();
        return due.values().stream()
                .map(at -> Duration.ofNanos(Math.max(0, at - now)).plusMillis(1))
                .min(Duration::compareTo)
                .orElse(Signal.FOR_EVER);
    }

    private synchronized List<K> due() {
        long now = System.nanoTime();
        List<K> keys = new ArrayList<>();
        for (Iterator<Map.Entry<K, Long>> all = due.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<K, Long> one = all.next();
            if (one.getValue() - now <= 0) {
                keys.add(one.getKey());
                all.remove();
            }
        }
        return keys;
    }
}
