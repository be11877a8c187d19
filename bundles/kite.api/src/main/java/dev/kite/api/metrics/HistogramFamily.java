package dev.kite.api.metrics;

import java.util.List;
import java.util.function.Predicate;

/** Histograms of one metric. Thread-safe; finding a series and recording into it neither locks nor allocates. */
public final class HistogramFamily implements MetricFamily {
    private final Metric metric;
    private final SeriesTable<Histogram> series;
    private final double[] bounds;

    private HistogramFamily(Metric metric, double[] bounds, double unit) {
        this.metric = metric;
        this.bounds = bounds.clone();
        Histogram.Buckets buckets = Histogram.Buckets.of(bounds, unit);
        series = new SeriesTable<>(metric.labels().size(), () -> new Histogram(buckets));
        if (metric.labels().isEmpty()) {
            with();
        }
    }

    /**
     * A family of times, recorded in nanoseconds and told in seconds.
     *
     * @param metric what is measured
     * @param bounds the upper bounds in seconds, rising
     * @return the family
     */
    public static HistogramFamily seconds(Metric metric, double... bounds) {
        return new HistogramFamily(metric, bounds, 1e9);
    }

    /**
     * A family of whole numbers, for example bytes.
     *
     * @param metric what is measured
     * @param bounds the upper bounds, rising
     * @return the family
     */
    public static HistogramFamily whole(Metric metric, double... bounds) {
        return new HistogramFamily(metric, bounds, 1);
    }

    /**
     * The series of these values, made at the first look.
     *
     * @return the series
     */
    public Histogram with() {
        return series.at("", "", "", "", "", "", "", "", "");
    }

    /**
     * The series of these values, made at the first look.
     *
     * @param a the first label's value
     * @return the series
     */
    public Histogram with(String a) {
        return series.at(a, "", "", "", "", "", "", "", "");
    }

    /**
     * The series of these values, made at the first look.
     *
     * @param a the first label's value
     * @param b the second label's value
     * @return the series
     */
    public Histogram with(String a, String b) {
        return series.at(a, b, "", "", "", "", "", "", "");
    }

    /**
     * The series of these values, made at the first look.
     *
     * @param a the first label's value
     * @param b the second label's value
     * @param c the third label's value
     * @return the series
     */
    public Histogram with(String a, String b, String c) {
        return series.at(a, b, c, "", "", "", "", "", "");
    }

    /**
     * The series of these values, made at the first look.
     *
     * @param a the first label's value
     * @param b the second label's value
     * @param c the third label's value
     * @param d the fourth label's value
     * @return the series
     */
    public Histogram with(String a, String b, String c, String d) {
        return series.at(a, b, c, d, "", "", "", "", "");
    }

    /**
     * The series of these values, made at the first look.
     *
     * @param a the first label's value
     * @param b the second label's value
     * @param c the third label's value
     * @param d the fourth label's value
     * @param e the fifth label's value
     * @return the series
     */
    public Histogram with(String a, String b, String c, String d, String e) {
        return series.at(a, b, c, d, e, "", "", "", "");
    }

    /**
     * The series of these values, made at the first look.
     *
     * @param a the first label's value
     * @param b the second label's value
     * @param c the third label's value
     * @param d the fourth label's value
     * @param e the fifth label's value
     * @param f the sixth label's value
     * @return the series
     */
    public Histogram with(String a, String b, String c, String d, String e, String f) {
        return series.at(a, b, c, d, e, f, "", "", "");
    }

    /**
     * The series of these values, made at the first look.
     *
     * @param a the first label's value
     * @param b the second label's value
     * @param c the third label's value
     * @param d the fourth label's value
     * @param e the fifth label's value
     * @param f the sixth label's value
     * @param g the seventh label's value
     * @return the series
     */
    public Histogram with(String a, String b, String c, String d, String e, String f, String g) {
        return series.at(a, b, c, d, e, f, g, "", "");
    }

    /**
     * The series of these values, made at the first look.
     *
     * @param a the first label's value
     * @param b the second label's value
     * @param c the third label's value
     * @param d the fourth label's value
     * @param e the fifth label's value
     * @param f the sixth label's value
     * @param g the seventh label's value
     * @param h the eighth label's value
     * @return the series
     */
    public Histogram with(String a, String b, String c, String d, String e, String f, String g, String h) {
        return series.at(a, b, c, d, e, f, g, h, "");
    }

    /**
     * The series of these values, made at the first look.
     *
     * @param a the first label's value
     * @param b the second label's value
     * @param c the third label's value
     * @param d the fourth label's value
     * @param e the fifth label's value
     * @param f the sixth label's value
     * @param g the seventh label's value
     * @param h the eighth label's value
     * @param i the ninth label's value
     * @return the series
     */
    public Histogram with(String a, String b, String c, String d, String e, String f, String g, String h, String i) {
        return series.at(a, b, c, d, e, f, g, h, i);
    }

    /** @return the upper bounds, without infinity */
    public double[] bounds() {
        return bounds.clone();
    }

    /**
     * Forgets series, as of something that is no more.
     *
     * @param which told the labels' values, whether to forget
     */
    public void removeIf(Predicate<List<String>> which) {
        series.removeIf(which);
    }

    @Override
    public Metric metric() {
        return metric;
    }

    @Override
    public Kind kind() {
        return Kind.HISTOGRAM;
    }

    @Override
    public void collect(Visitor to) {
        series.forEach((labels, cell) -> cell.collect(labels, to));
    }
}
