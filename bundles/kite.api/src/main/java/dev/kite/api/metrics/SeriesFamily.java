package dev.kite.api.metrics;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The series of one metric, by their labels' values. Thread-safe; finding a series neither locks nor allocates, which is why a look has a method for each number of
 * labels and no array.
 *
 * @param <T> a series
 */
public abstract sealed class SeriesFamily<T> implements MetricFamily
        permits CounterFamily, GaugeFamily, HistogramFamily {
    private final Metric metric;
    private final SeriesTable<T> series;

    /** An empty family; one without labels has its only series from the start. */
    SeriesFamily(Metric metric, Supplier<T> maker) {
        this.metric = metric;
        series = new SeriesTable<>(metric.labels().size(), maker);
        if (metric.labels().isEmpty()) {
            with();
        }
    }

    /**
     * The series of these values, made at the first look.
     *
     * @return the series
     */
    public final T with() {
        return series.at("", "", "", "", "", "", "", "", "");
    }

    /**
     * The series of these values, made at the first look.
     *
     * @param a the first label's value
     * @return the series
     */
    public final T with(String a) {
        return series.at(a, "", "", "", "", "", "", "", "");
    }

    /**
     * The series of these values, made at the first look.
     *
     * @param a the first label's value
     * @param b the second label's value
     * @return the series
     */
    public final T with(String a, String b) {
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
    public final T with(String a, String b, String c) {
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
    public final T with(String a, String b, String c, String d) {
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
    public final T with(String a, String b, String c, String d, String e) {
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
    public final T with(String a, String b, String c, String d, String e, String f) {
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
    public final T with(String a, String b, String c, String d, String e, String f, String g) {
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
    public final T with(String a, String b, String c, String d, String e, String f, String g, String h) {
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
    public final T with(String a, String b, String c, String d, String e, String f, String g, String h, String i) {
        return series.at(a, b, c, d, e, f, g, h, i);
    }

    /**
     * Forgets series, as of something that is no more.
     *
     * @param which told the labels' values, whether to forget
     */
    public final void removeIf(Predicate<List<String>> which) {
        series.removeIf(which);
    }

    /** Tells each series, with its labels' values. */
    final void each(BiConsumer<List<String>, T> to) {
        series.forEach(to);
    }

    @Override
    public final Metric metric() {
        return metric;
    }
}
