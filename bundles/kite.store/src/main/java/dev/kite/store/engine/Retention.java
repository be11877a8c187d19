package dev.kite.store.engine;

import java.util.ArrayDeque;

/**
 * Decides how far to compact: history older than the retained time, never within the least number of revisions, always beyond
 * the most. It looks only when something was written: a store that nobody writes has nothing to compact.
 */
final class Retention {
    private static final int SAMPLES = 60;

    private record Sample(long nanos, long revision) {}

    private final EngineOptions options;
    private final ArrayDeque<Sample> samples = new ArrayDeque<>();
    private long expired;

    Retention(EngineOptions options) {
        this.options = options;
    }

    /** Notes that {@code revision} was the newest at {@code now}. */
    void observe(long now, long revision) {
        Sample last = samples.peekLast();
        if (last == null || now - last.nanos >= options.retain().toNanos() / SAMPLES) {
            samples.addLast(new Sample(now, revision));
        }
        Sample oldest = samples.peekFirst();
        while (oldest != null && now - oldest.nanos >= options.retain().toNanos()) {
            expired = oldest.revision;
            samples.removeFirst();
            oldest = samples.peekFirst();
        }
    }

    /**
     * The revision to compact to, or {@code compacted} when it is not worth it yet: garbage is collected in portions of at
     * least a tenth of the revisions kept, and of 100.
     */
    long target(long revision, long compacted) {
        long target = Math.max(Math.min(expired, revision - options.minRevisions()), revision - options.maxRevisions());
        long portion = Math.max(100, options.minRevisions() / 10);
        return target - compacted >= portion ? target : compacted;
    }

    /** Whether compaction has fallen behind the most revisions to keep, so that writes must wait for it. */
    boolean behind(long revision, long compacted) {
        return revision - compacted > options.maxRevisions() + options.maxRevisions() / 4;
    }
}
