package dev.kite.node.pod;

import java.util.function.LongSupplier;

/** So many a second, and some more after a pause. Thread-safe. */
final class TokenBucket {
    private final double perNano;
    private final double most;
    private final LongSupplier nanos;
    private double there;
    private long at;

    /**
     * @param perSecond how many a second; zero and less for any
     * @param burst how many at once
     * @param nanos a clock that never goes back
     */
    TokenBucket(double perSecond, int burst, LongSupplier nanos) {
        this.perNano = perSecond / 1e9;
        this.most = Math.max(1, burst);
        this.nanos = nanos;
        this.there = most;
        this.at = nanos.getAsLong();
    }

    /** Takes one if there is one. */
    synchronized boolean take() {
        if (perNano <= 0) {
            return true;
        }
        long now = nanos.getAsLong();
        there = Math.min(most, there + (now - at) * perNano);
        at = now;
        if (there < 1) {
            return false;
        }
        there--;
        return true;
    }
}
