package dev.kite.apiserver.audit;

import java.util.concurrent.TimeUnit;

/** So many a second, and so many at once. Used by one thread. */
final class TokenBucket {
    private final double perSecond;
    private final int burst;
    private double tokens;
    private long last = System.nanoTime();

    /** Without a bound where {@code perSecond} is 0. */
    TokenBucket(double perSecond, int burst) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.tokens = burst;
    }

    /** Waits for its turn. */
    void take() throws InterruptedException {
        if (perSecond <= 0) {
            return;
        }
        refill();
        if (tokens < 1) {
            TimeUnit.NANOSECONDS.sleep((long) Math.ceil((1 - tokens) / perSecond * 1e9));
            refill();
        }
        tokens -= 1;
    }

    private void refill() {
        long now = System.nanoTime();
        tokens = Math.min(burst, tokens + (now - last) / 1e9 * perSecond);
        last = now;
    }
}
