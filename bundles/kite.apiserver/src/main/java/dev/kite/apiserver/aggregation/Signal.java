package dev.kite.apiserver.aggregation;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Wakes one waiting thread; raised many times before it looks, it wakes once. Thread-safe. */
final class Signal {
    static final Duration FOR_EVER = Duration.ofDays(3650);

    private final Semaphore raised = new Semaphore(0);

    void raise() {
        if (raised.availablePermits() == 0) {
            raised.release();
        }
    }

    /** Waits until raised or the time is over; whether it was raised. */
    boolean await(Duration time) throws InterruptedException {
        boolean woken = raised.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS);
        raised.drainPermits();
        return woken;
    }
}
