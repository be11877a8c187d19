package dev.kite.apiserver.flowcontrol;

/**
 * What a request is thought to cost. Immutable.
 *
 * @param initial seats while it runs
 * @param last seats that it takes for a while after its end
 * @param lastNanos how long that is
 */
record Work(int initial, int last, long lastNanos) {
    /** A seat while it runs. */
    static final Work ONE = new Work(1, 0, 0);

    /** A hundred-millionth of a seat for a second. */
    static final double UNITS = 1e8;

    /** Upstream's guess of how long a request runs. */
    static final long GUESS_NANOS = 3_000_000;

    static long units(double seats, long nanos) {
        return Math.round(seats * nanos / (1e9 / UNITS));
    }

    /** The seats that it holds from its start to its very end. */
    int seats() {
        return Math.max(initial, last);
    }

    long lastWork() {
        return units(last, lastNanos);
    }

    long total() {
        return units(initial, GUESS_NANOS) + lastWork();
    }

    /** The same work after its end, on fewer seats for longer. */
    Work within(int limit) {
        if (last <= limit || limit < 1) {
            return this;
        }
        return new Work(initial, limit, (long) ((double) last / limit * lastNanos));
    }
}
