package dev.kite.cli.bench;

import java.util.Arrays;
import java.util.Locale;

/** Latencies of one phase, in nanoseconds, collected by many threads; and how long the phase took. */
final class Samples {
    private final long[] values;
    private int count;
    private int failures;

    Samples(int capacity) {
        values = new long[capacity];
    }

    synchronized void add(long nanos) {
        if (count < values.length) {
            values[count++] = nanos;
        }
    }

    synchronized void fail() {
        failures++;
    }

    /**
     * What a phase came to.
     *
     * @param operations how many succeeded
     * @param failures how many did not
     * @param perSecond throughput
     * @param p50Millis the median latency
     * @param p99Millis the latency that one in a hundred exceeds
     * @param perCore operations for a second of the server's CPU time; 0 where that is not known
     */
    record Summary(int operations, int failures, double perSecond, double p50Millis, double p99Millis, double perCore) {
        /** The same phase, with the CPU time that the server spent on it. */
        Summary withCpu(double cpuSeconds) {
            return withPerCore(cpuSeconds > 0 ? operations / cpuSeconds : 0);
        }

        Summary withPerCore(double rate) {
            return new Summary(operations, failures, perSecond, p50Millis, p99Millis, rate);
        }

        String line() {
            return String.format(
                    Locale.ROOT,
                    "%10.0f/s  %s  p50 %8.2f ms  p99 %8.2f ms%s",
                    perSecond,
                    perCore > 0 ? String.format(Locale.ROOT, "%10.0f a core second", perCore) : "",
                    p50Millis,
                    p99Millis,
                    failures == 0 ? "" : "  " + failures + " failed");
        }
    }

    synchronized Summary summary(long elapsedNanos) {
        long[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        double seconds = elapsedNanos / 1e9;
        return new Summary(
                count, failures, seconds > 0 ? count / seconds : 0, quantile(sorted, 0.5), quantile(sorted, 0.99), 0);
    }

    /** The nearest-rank quantile, in milliseconds; 0 of nothing. */
    static double quantile(long[] sorted, double quantile) {
        if (sorted.length == 0) {
            return 0;
        }
        int rank = (int) Math.ceil(quantile * sorted.length) - 1;
        return sorted[Math.max(0, Math.min(sorted.length - 1, rank))] / 1e6;
    }
}
