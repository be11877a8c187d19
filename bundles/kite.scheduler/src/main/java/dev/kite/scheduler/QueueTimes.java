package dev.kite.scheduler;

import dev.kite.api.arguments.ComponentArguments;
import java.time.Duration;

/**
 * How long pods that could not be scheduled wait. Immutable.
 *
 * @param firstBackoff after the first failure; doubled for each one after it
 * @param longestBackoff the most that it is doubled to
 * @param longestWait until a pod is tried again although nothing changed in the cluster
 */
record QueueTimes(Duration firstBackoff, Duration longestBackoff, Duration longestWait) {
    /** Upstream's defaults. */
    static final QueueTimes DEFAULT =
            new QueueTimes(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMinutes(5));

    /** Upstream looks for pods that waited long enough every so often, so that none is tried sooner. */
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(30);
    /** Beyond it sums of nanoseconds overflow. */
    private static final Duration ENDLESS = Duration.ofDays(36_500);

    /** What arguments set instead of the defaults. */
    static QueueTimes of(ComponentArguments arguments) {
        return new QueueTimes(
                DEFAULT.firstBackoff,
                DEFAULT.longestBackoff,
                arguments.duration("pod-max-in-unschedulable-pods-duration", DEFAULT.longestWait));
    }

    /** How many nanoseconds of back-off follow so many attempts. */
    long backoff(int attempts) {
        long longest = bounded(longestBackoff).toNanos();
        long nanos = Math.min(bounded(firstBackoff).toNanos(), longest);
        for (int i = 1; i < attempts && nanos < longest; i++) {
            nanos = nanos > longest / 2 ? longest : nanos * 2;
            if (nanos == 0) {
                return 0;
            }
        }
        return nanos;
    }

    /** How many nanoseconds a pod waits after so many attempts when nothing changes; never less than its back-off. */
    long wait(int attempts) {
        Duration wait = longestWait.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : bounded(longestWait);
        return Math.max(wait.toNanos(), backoff(attempts));
    }

    private static Duration bounded(Duration given) {
        return given.compareTo(ENDLESS) > 0 ? ENDLESS : given;
    }
}
