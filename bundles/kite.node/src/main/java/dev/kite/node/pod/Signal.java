package dev.kite.node.pod;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Wakes one waiting thread, now or at a time; wakes are not counted. Thread-safe. */
final class Signal {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final InstantSource clock;
    private boolean raised;
    private @Nullable Instant later;

    Signal(InstantSource clock) {
        this.clock = clock;
    }

    void raise() {
        lock.lock();
        try {
            raised = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Raises itself at a time; the earliest of several counts. */
    void raiseAt(Instant time) {
        lock.lock();
        try {
            if (later == null || time.isBefore(later)) {
                later = time;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next raise. */
    void await() throws InterruptedException {
        lock.lock();
        try {
            while (!raised) {
                Instant until = later;
                if (until == null) {
                    changed.await();
                } else {
                    long nanos = Duration.between(clock.instant(), until).toNanos();
                    if (nanos <= 0) {
                        break;
                    }
                    changed.awaitNanos(nanos);
                }
            }
            raised = false;
            Instant until = later;
            if (until != null && !until.isAfter(clock.instant())) {
                later = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
