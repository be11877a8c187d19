package dev.kite.api.metrics;

/** Histograms of one metric. Thread-safe; finding a series and recording into it neither locks nor allocates. */
public final class HistogramFamily extends SeriesFamily<Histogram> {
    private final double[] bounds;

    private HistogramFamily(Metric metric, double[] bounds, Histogram.Buckets buckets) {
        super(metric, () -> new Histogram(buckets));
        this.bounds = bounds.clone();
    }

    /**
     * A family of times, recorded in nanoseconds and told in seconds.
     *
     * @param metric what is measured
     * @param bounds the upper bounds in seconds, rising
     * @return the family
     */
    public static HistogramFamily seconds(Metric metric, double... bounds) {
        return new HistogramFamily(metric, bounds, Histogram.Buckets.of(bounds, 1e9));
    }

    /**
     * A family of whole numbers, for example bytes.
     *
     * @param metric what is measured
     * @param bounds the upper bounds, rising
     * @return the family
     */
    public static HistogramFamily whole(Metric metric, double... bounds) {
        return new HistogramFamily(metric, bounds, Histogram.Buckets.of(bounds, 1));
    }

    /** @return the upper bounds, without infinity */
    public double[] bounds() {
        return bounds.clone();
    }

    @Override
    public Kind kind() {
        return Kind.HISTOGRAM;
    }

    @Override
    public void collect(Visitor to) {
        each((labels, cell) -> cell.collect(labels, to));
    }
}
