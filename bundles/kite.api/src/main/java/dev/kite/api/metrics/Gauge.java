package dev.kite.api.metrics;

import java.util.concurrent.atomic.LongAdder;

/** A number that comes and goes: either counted up and down, or set. Thread-safe, without locks or garbage. */
public final class Gauge {
    private final LongAdder counted = new LongAdder();
    private volatile double base;

    /** Zero. */
    Gauge() {}

    /** Adds one. */
    public void increment() {
        counted.increment();
    }

    /** Takes one. */
    public void decrement() {
        counted.decrement();
    }

    /**
     * Adds.
     *
     * @param much how much
     */
    public void add(long much) {
        counted.add(much);
    }

    /**
     * Sets, where nothing is counted.
     *
     * @param value the number
     */
    public void set(double value) {
        base = value;
    }

    /** @return the number */
    public double value() {
        return base + counted.sum();
    }
}
