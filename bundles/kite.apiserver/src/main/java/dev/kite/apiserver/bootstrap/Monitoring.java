package dev.kite.apiserver.bootstrap;

import dev.kite.api.metrics.MetricSource;
import dev.kite.apiserver.metrics.AdmissionMetrics;
import dev.kite.apiserver.metrics.RequestMetrics;
import dev.kite.apiserver.metrics.StorageMetrics;
import dev.kite.apiserver.metrics.WatchMetrics;
import java.util.List;
import java.util.function.Supplier;

/**
 * What watches the API server.
 *
 * @param requests counts requests; filters before the API count into the same
 * @param admission counts what admission does
 * @param watches counts what watches and lists give out
 * @param storage counts what is written
 * @param sources what else is measured in this process, at this moment
 * @param diagnostics what the server tells of itself beside that
 */
public record Monitoring(
        RequestMetrics requests,
        AdmissionMetrics admission,
        WatchMetrics watches,
        StorageMetrics storage,
        Supplier<List<MetricSource>> sources,
        Diagnostics diagnostics) {
    /**
     * That of a server.
     *
     * @param requests counts requests
     * @param sources what else is measured, those of requests among it
     * @param diagnostics what the server tells of itself beside that
     */
    public Monitoring(RequestMetrics requests, Supplier<List<MetricSource>> sources, Diagnostics diagnostics) {
        this(requests, new AdmissionMetrics(), new WatchMetrics(), new StorageMetrics(), sources, diagnostics);
    }

    /**
     * That of a server without others.
     *
     * @return counts of its own
     */
    public static Monitoring alone() {
        RequestMetrics requests = new RequestMetrics();
        return new Monitoring(requests, () -> List.of(requests), Diagnostics.none());
    }
}
