package dev.kite.api.metrics;

import java.util.List;

/** The series of one metric. Thread-safe; what is told of several series isn't of one instant. */
public sealed interface MetricFamily permits SeriesFamily, SampledFamily {
    /** @return what is measured */
    Metric metric();

    /** @return its kind */
    Kind kind();

    /**
     * Tells each series.
     *
     * @param to hears them, in no order
     */
    void collect(Visitor to);

    /** Kinds of metrics. */
    enum Kind {
        /** Only grows. */
        COUNTER,
        /** Comes and goes. */
        GAUGE,
        /** How often values were within bounds. */
        HISTOGRAM
    }

    /** Hears a family's series. */
    interface Visitor {
        /**
         * A counter or gauge.
         *
         * @param labels the labels' values
         * @param value the value
         */
        void value(List<String> labels, double value);

        /**
         * A histogram.
         *
         * @param labels the labels' values
         * @param bounds the upper bounds, without infinity
         * @param counts how many values are within each bound and above the one before, the last above all bounds
         * @param sum the sum of all values
         */
        void histogram(List<String> labels, double[] bounds, long[] counts, double sum);
    }
}
