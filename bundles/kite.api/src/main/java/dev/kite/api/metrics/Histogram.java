package dev.kite.api.metrics;

import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/** How often values were within bounds. Thread-safe; recording neither locks nor allocates. */
public final class Histogram {
    private final Buckets buckets;
    // One array and not an adder a bucket: there are hundreds of series with thirty buckets each, and an atomic add
    // needs no retries.
    private final AtomicLongArray counts;

    /** Bounds, and the unit in which values are recorded. */
    record Buckets(double[] bounds, long[] limits, double unit) {
        static Buckets of(double[] bounds, double unit) {
            long[] limits = new long[bounds.length];
            for (int at = 0; at < bounds.length; at++) {
                limits[at] = Math.round(bounds[at] * unit);
            }
            return new Buckets(bounds.clone(), limits, unit);
        }
    }

    /** Nothing recorded. */
    Histogram(Buckets buckets) {
        this.buckets = buckets;
        counts = new AtomicLongArray(buckets.limits().length + 2);
    }

    /**
     * Records a value.
     *
     * @param value the value in the family's unit, for example nanoseconds
     */
    public void record(long value) {
        record(value, 1);
    }

    /**
     * Records a value several times, as where it is weighed by how long it held.
     *
     * @param value the value in the family's unit
     * @param times how often
     */
    public void record(long value, long times) {
        long[] limits = buckets.limits();
        int at = 0;
        while (at < limits.length && value > limits[at]) {
            at++;
        }
        counts.getAndAdd(at, times);
        counts.getAndAdd(limits.length + 1, value * times);
    }

    /** @return how many values were recorded */
    public long count() {
        long count = 0;
        for (int at = 0; at <= buckets.limits().length; at++) {
            count += counts.get(at);
        }
        return count;
    }

    /** Tells what was recorded. */
    void collect(List<String> labels, MetricFamily.Visitor to) {
        long[] copy = new long[buckets.limits().length + 1];
        for (int at = 0; at < copy.length; at++) {
            copy[at] = counts.get(at);
        }
        to.histogram(labels, buckets.bounds(), copy, counts.get(copy.length) / buckets.unit());
    }
}
