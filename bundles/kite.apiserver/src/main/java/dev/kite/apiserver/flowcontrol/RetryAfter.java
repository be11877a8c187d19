package dev.kite.apiserver.flowcontrol;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * How many seconds refused clients of one priority level are asked to wait: twice as many when as many again were refused meanwhile, one less when few were; 1 to
 * 32. Touched by refusals only. Thread-safe.
 */
final class RetryAfter {
    private static final long LONGEST = 32;

    private final LongSupplier seconds;
    private final Deque<long[]> history = new ArrayDeque<>();
    private long second;
    private long count;
    private long wait = 1;
    private long changed;

    RetryAfter(LongSupplier seconds) {
        this.seconds = seconds;
    }

    /** One more was refused: how long it is to wait. */
    synchronized long refused() {
        long now = seconds.getAsLong();
        if (now == second) {
            count++;
            return wait;
        }
        remember();
        second = now;
        count = 1;
        adapt(now);
        return wait;
    }

    private void remember() {
        history.addLast(new long[] {second, count});
        long kept = Math.min(2 * wait, LONGEST);
        while (!history.isEmpty() && second - history.getFirst()[0] > kept) {
            history.removeFirst();
        }
    }

    private void adapt(long now) {
        long dropped = 0;
        for (long[] one : history) {
            if (now - one[0] <= wait && one[0] < now) {
                dropped += one[1];
            }
        }
        if (now - changed >= wait && dropped >= 3 * wait) {
            wait = Math.min(2 * wait, LONGEST);
            changed = now;
        } else if (dropped < wait && wait > 1) {
            wait--;
        }
    }
}
