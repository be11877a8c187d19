package dev.kite.api.metrics;

/** Gauges of one metric. Thread-safe; finding a series and recording into it neither locks nor allocates. */
public final class GaugeFamily extends SeriesFamily<Gauge> {
    /**
     * An empty family; one without labels has its only series from the start.
     *
     * @param metric what is measured
     */
    public GaugeFamily(Metric metric) {
        super(metric, Gauge::new);
    }

    @Override
    public Kind kind() {
        return Kind.GAUGE;
    }

    @Override
    public void collect(Visitor to) {
        each((labels, cell) -> to.value(labels, cell.value()));
    }
}
