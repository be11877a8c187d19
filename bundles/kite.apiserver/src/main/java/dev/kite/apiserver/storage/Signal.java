package dev.kite.apiserver.storage;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Wakes one waiting thread; raised many times before it looks, it wakes once. Thread-safe. */
public final class Signal {
    /** Until it is raised. */
    public static final Duration FOR_EVER = Duration.ofDays(3650);

    private final Semaphore raised = new Semaphore(0);

    /** A signal that isn't raised. */
    public Signal() {}

    /** Wakes who waits, or who comes to wait. */
    public void raise() {
        if (raised.availablePermits() == 0) {
            raised.release();
        }
    }

    /**
     * Waits until raised or the time is over.
     *
     * @param time how long at most
     * @return whether it was raised
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean await(Duration time) throws InterruptedException {
        boolean woken = raised.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS);
        raised.drainPermits();
        return woken;
    }
}
