package dev.kite.store.engine;

import java.time.Duration;

/**
 * The engine's figures.
 *
 * @param relaxedFlush how long a relaxed write may wait for the disk, and how late an expiry may be
 * @param retain how long history is kept
 * @param minRevisions how many newest revisions are kept however old they are (kine: 1000)
 * @param maxRevisions how many are kept however new they are, so that a storm of writes cannot outrun compaction
 * @param windowEvents how many recent events watches can start from without reading the disk
 * @param windowBytes how many bytes of values these may hold
 */
public record EngineOptions(
        Duration relaxedFlush,
        Duration retain,
        long minRevisions,
        long maxRevisions,
        int windowEvents,
        long windowBytes) {
    /** Ten seconds; five minutes (Kubernetes' compaction interval), 1000 to 100,000 revisions; 8192 events, 16 MiB. */
    public static final EngineOptions DEFAULT =
            new EngineOptions(Duration.ofSeconds(10), Duration.ofMinutes(5), 1000, 100_000, 8192, 16L << 20);

    public EngineOptions {
        if (relaxedFlush.isNegative() || retain.isNegative() || windowEvents < 1 || windowBytes < 1) {
            throw new IllegalArgumentException("durations must not be negative, window bounds positive");
        }
        if (minRevisions < 0 || maxRevisions < minRevisions) {
            throw new IllegalArgumentException(
                    "0 <= minRevisions <= maxRevisions must hold: " + minRevisions + ", " + maxRevisions);
        }
    }
}
