package dev.kite.api.metrics;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/** Values that are known elsewhere and read when they are told. Thread-safe if what it reads is. */
public final class SampledFamily implements MetricFamily {
    private final Metric metric;
    private final Kind kind;
    private final Consumer<BiConsumer<List<String>, Double>> source;

    private SampledFamily(Metric metric, Kind kind, Consumer<BiConsumer<List<String>, Double>> source) {
        this.metric = metric;
        this.kind = kind;
        this.source = source;
    }

    /**
     * A number without labels that comes and goes.
     *
     * @param metric what is measured
     * @param value reads it
     * @return the family
     */
    public static SampledFamily gauge(Metric metric, DoubleSupplier value) {
        return new SampledFamily(metric, Kind.GAUGE, to -> to.accept(List.of(), value.getAsDouble()));
    }

    /**
     * A number without labels that only grows.
     *
     * @param metric what is measured
     * @param value reads it
     * @return the family
     */
    public static SampledFamily counter(Metric metric, DoubleSupplier value) {
        return new SampledFamily(metric, Kind.COUNTER, to -> to.accept(List.of(), value.getAsDouble()));
    }

    /**
     * Numbers that come and go.
     *
     * @param metric what is measured
     * @param values tells each series' labels' values and its number
     * @return the family
     */
    public static SampledFamily gauges(Metric metric, Consumer<BiConsumer<List<String>, Double>> values) {
        return new SampledFamily(metric, Kind.GAUGE, values);
    }

    /**
     * Numbers that only grow.
     *
     * @param metric what is measured
     * @param values tells each series' labels' values and its number
     * @return the family
     */
    public static SampledFamily counters(Metric metric, Consumer<BiConsumer<List<String>, Double>> values) {
        return new SampledFamily(metric, Kind.COUNTER, values);
    }

    @Override
    public Metric metric() {
        return metric;
    }

    @Override
    public Kind kind() {
        return kind;
    }

    @Override
    public void collect(Visitor to) {
        source.accept(to::value);
    }
}
