package dev.kite.api.metrics;

/** Counters of one metric. Thread-safe; finding a series and recording into it neither locks nor allocates. */
public final class CounterFamily extends SeriesFamily<Counter> {
    /**
     * An empty family; one without labels has its only series from the start.
     *
     * @param metric what is measured
     */
    public CounterFamily(Metric metric) {
        super(metric, Counter::new);
    }

    @Override
    public Kind kind() {
        return Kind.COUNTER;
    }

    @Override
    public void collect(Visitor to) {
        each((labels, cell) -> to.value(labels, (double) cell.value()));
    }
}
