package dev.kite.node.pod;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pauses that double: the kubelet's, 10 s up to 5 min, forgotten after twice the longest pause without a failure. Confined to one pod's worker.
 */
final class Backoffs {
    static final Duration FIRST = Duration.ofSeconds(10);
    static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Duration FORGOTTEN = LONGEST.multipliedBy(2);

    private final Map<String, Entry> entries = new HashMap<>();

    /** The current pause, and when it was last used. */
    private record Entry(Duration pause, Instant used) {}

    /** When what failed at a time may be tried again; null for now. */
    @Nullable
    Instant until(String key, Instant failed, Instant now) {
        Entry entry = entries.get(key);
        if (entry == null || now.isAfter(entry.used.plus(FORGOTTEN))) {
            return null;
        }
        Instant until = failed.plus(entry.pause);
        return until.isAfter(now) ? until : null;
    }

    /** When what failed when it was last tried may be tried again; null for now. */
    @Nullable
    Instant until(String key, Instant now) {
        Entry entry = entries.get(key);
        return entry == null ? null : until(key, entry.used, now);
    }

    /** The pause that follows the next failure. */
    Duration pause(String key) {
        Entry entry = entries.get(key);
        return entry == null ? FIRST : entry.pause;
    }

    /** Notes that something is tried again after it failed at a time. */
    void tried(String key, Instant failed, Instant now) {
        Entry entry = entries.get(key);
        Duration pause =
                entry == null || failed.isAfter(entry.used.plus(FORGOTTEN)) ? FIRST : entry.pause.multipliedBy(2);
        entries.put(key, new Entry(pause.compareTo(LONGEST) > 0 ? LONGEST : pause, now));
    }

    void forget(String key) {
        entries.remove(key);
    }
}
