package dev.kite.apiserver.flowcontrol;

import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** Counts observations by upper bound. Thread-safe, without a lock. */
final class Histogram {
    private final double[] bounds;
    private final LongAdder[] counts;
    private final DoubleAdder sum = new DoubleAdder();

    Histogram(double... bounds) {
        this.bounds = bounds.clone();
        this.counts = new LongAdder[bounds.length + 1];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    void add(double value) {
        int at = 0;
        while (at < bounds.length && value > bounds[at]) {
            at++;
        }
        counts[at].increment();
        sum.add(value);
    }

    boolean empty() {
        for (LongAdder count : counts) {
            if (count.sum() != 0) {
                return false;
            }
        }
        return true;
    }

    double[] bounds() {
        return bounds.clone();
    }

    /** How many were at most each bound, then how many there were. */
    long[] cumulative() {
        long[] all = new long[counts.length];
        long sofar = 0;
        for (int i = 0; i < counts.length; i++) {
            sofar += counts[i].sum();
            all[i] = sofar;
        }
        return all;
    }

    double sum() {
        return sum.sum();
    }
}
