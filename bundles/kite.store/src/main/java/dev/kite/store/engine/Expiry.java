package dev.kite.store.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/** Which keys expire when, on the monotonic clock. Deadlines are rounded up to a grain, so that expiries come in groups. */
final class Expiry {
    record Due(long deadline, String key, long modRevision) {}

    private final PriorityQueue<Due> queue = new PriorityQueue<>((a, b) -> Long.compare(a.deadline, b.deadline));
    private final long origin;
    private final long grain;

    Expiry(long now, long grainNanos) {
        origin = now;
        grain = Math.max(1, grainNanos);
    }

    /** Expires this life of the key, unless it is written again. */
    void add(String key, long modRevision, long ttlSeconds, long now) {
        // A hundred years are for ever; more would overflow.
        long ttl = Math.min(ttlSeconds, 3_153_600_000L) * 1_000_000_000L;
        long passed = now - origin + ttl;
        queue.add(new Due(Math.ceilDiv(passed, grain) * grain, key, modRevision));
    }

    /** Nanoseconds until the next deadline; the largest long when there is none. */
    long nanosToNext(long now) {
        Due next = queue.peek();
        return next == null ? Long.MAX_VALUE : Math.max(0, next.deadline - (now - origin));
    }

    /** Removes and returns at most {@code limit} of those whose time has come. */
    List<Due> due(long now, int limit) {
        List<Due> due = new ArrayList<>();
        while (due.size() < limit && nanosToNext(now) == 0) {
            due.add(queue.remove());
        }
        return due;
    }
}
