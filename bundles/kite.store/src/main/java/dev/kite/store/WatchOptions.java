package dev.kite.store;

/**
 * Bounds of a watch.
 *
 * @param maxEvents how many events may wait for the consumer before the watch is closed as too slow
 * @param maxBytes how many bytes of values may wait; one event always may
 * @param batch how many events {@link Watch#take} returns at most
 */
public record WatchOptions(int maxEvents, long maxBytes, int batch) {
    /** 4096 events, 16 MiB, 256 at a time. */
    public static final WatchOptions DEFAULT = new WatchOptions(4096, 16L << 20, 256);

    public WatchOptions {
        if (maxEvents < 1 || maxBytes < 1 || batch < 1) {
            throw new IllegalArgumentException(
                    "bounds must be positive: " + maxEvents + ", " + maxBytes + ", " + batch);
        }
    }
}
