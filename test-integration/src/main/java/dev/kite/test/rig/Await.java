package dev.kite.test.rig;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Waits for conditions, not for seconds: long patience, short steps. */
public final class Await {
    private Await() {}

    /**
     * Waits until something holds.
     *
     * @param what the condition in words, for the failure
     * @param patience how long at most
     * @param condition looked at every 100 ms; an exception counts as not yet and is shown when time is up
     */
    public static void until(String what, Duration patience, Callable<Boolean> condition) {
        until(() -> what, patience, condition);
    }

    /**
     * Waits until something holds.
     *
     * @param what the condition in words, made when it fails
     * @param patience how long at most
     * @param condition looked at every 100 ms; an AssertionError from it ends the wait
     */
    public static void until(Supplier<String> what, Duration patience, Callable<Boolean> condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        Exception last = null;
        do {
            try {
                if (condition.call()) {
                    return;
                }
                last = null;
            } catch (InterruptedException e) {
                throw interrupted(what, e);
            } catch (Exception e) {
                last = e;
            }
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                throw interrupted(what, e);
            }
        } while (System.nanoTime() < deadline);
        throw new AssertionError("not within " + patience.toSeconds() + " s: " + what.get(), last);
    }

    private static AssertionError interrupted(Supplier<String> what, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new AssertionError("interrupted while waiting until " + what.get(), e);
    }
}
