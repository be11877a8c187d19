package dev.kite.api.metrics;

import java.util.concurrent.atomic.LongAdder;

/** A number that only grows. Thread-safe, without locks or garbage. */
public final class Counter {
    private final LongAdder sum = new LongAdder();

    /** Zero. */
    Counter() {}

    /** Adds one. */
    public void increment() {
        sum.increment();
    }

    /**
     * Adds.
     *
     * @param much how much, not negative
     */
    public void add(long much) {
        sum.add(much);
    }

    /** @return the number */
    public long value() {
        return sum.sum();
    }
}
