package dev.kite.launcher;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * Waits at start until the clock is not before the last known time: a board without a battery starts in the past until the network tells it the time, and
 * certificates and leases made then would be wrong. Waits a minute at most, then goes on; each step is said in one line.
 */
final class SaneClock {
    /** What clocks of a machine may differ by without harm. */
    static final Duration TOLERANCE = Duration.ofMinutes(5);

    static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration STEP = Duration.ofSeconds(1);

    /** Sleeps; a test's clock moves instead. */
    interface Pause {
        void sleep(Duration time) throws InterruptedException;
    }

    private final Clock clock;
    private final Pause pause;
    private final Consumer<String> say;

    SaneClock(Clock clock, Pause pause, Consumer<String> say) {
        this.clock = clock;
        this.pause = pause;
        this.say = say;
    }

    /** Returns whether the clock is sane now. */
    boolean await(Instant lastKnown) throws InterruptedException {
        if (sane(lastKnown)) {
            return true;
        }
        say.accept("the clock says " + clock.instant() + ", before " + lastKnown
                + " when this server last ran; waiting up to a minute for it to be set (is a time service running?)");
        for (Duration waited = Duration.ZERO; waited.compareTo(PATIENCE) < 0; waited = waited.plus(STEP)) {
            pause.sleep(STEP);
            if (sane(lastKnown)) {
                return true;
            }
        }
        say.accept("the clock is still before " + lastKnown
                + "; going on: certificates made now may be refused elsewhere until it is set");
        return false;
    }

    private boolean sane(Instant lastKnown) {
        return !clock.instant().plus(TOLERANCE).isBefore(lastKnown);
    }
}
