package dev.kite.apiserver.metrics;

import dev.kite.api.metrics.CounterFamily;
import dev.kite.api.metrics.HistogramFamily;
import dev.kite.api.metrics.Metric;
import dev.kite.api.metrics.MetricFamily;
import dev.kite.api.metrics.MetricSource;
import java.util.Collection;
import java.util.List;

/** Writes of objects to the datastore. Reads come from memory and are told by {@link WatchMetrics}. Thread-safe. */
public final class StorageMetrics implements MetricSource {
    private final HistogramFamily durations = HistogramFamily.seconds(
            Metric.alpha(
                    "etcd_request_duration_seconds",
                    "How long the datastore took, in seconds, by operation and resource.",
                    "operation",
                    "group",
                    "resource"),
            0.005,
            0.025,
            0.05,
            0.1,
            0.2,
            0.4,
            0.6,
            0.8,
            1,
            1.25,
            1.5,
            2,
            3,
            4,
            5,
            6,
            8,
            10,
            15,
            20,
            30,
            45,
            60);
    private final CounterFamily requests = new CounterFamily(
            Metric.alpha("etcd_requests_total", "Writes to the datastore.", "operation", "group", "resource"));
    private final CounterFamily errors = new CounterFamily(Metric.alpha(
            "etcd_request_errors_total", "Writes to the datastore that failed.", "operation", "group", "resource"));

    /** What is written. */
    public enum Operation {
        /** A new object. */
        CREATE("create"),
        /** An object that is there. */
        UPDATE("update"),
        /** An object is taken away. */
        DELETE("delete");

        private final String word;

        Operation(String word) {
            this.word = word;
        }
    }

    /** None yet. */
    public StorageMetrics() {}

    /**
     * Notes a write.
     *
     * @param operation what was done
     * @param group the resource's group
     * @param resource the resource
     * @param nanos how long it took
     * @param failed whether it failed otherwise than by meeting another revision
     */
    public void written(Operation operation, String group, String resource, long nanos, boolean failed) {
        durations.with(operation.word, group, resource).record(nanos);
        requests.with(operation.word, group, resource).increment();
        if (failed) {
            errors.with(operation.word, group, resource).increment();
        }
    }

    @Override
    public Collection<? extends MetricFamily> metrics() {
        return List.of(durations, requests, errors);
    }
}
