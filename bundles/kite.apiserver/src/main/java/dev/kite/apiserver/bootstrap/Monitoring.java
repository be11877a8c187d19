package dev.kite.apiserver.bootstrap;

import dev.kite.api.metrics.MetricSource;
import dev.kite.apiserver.metrics.RequestMetrics;
import java.util.List;
import java.util.function.Supplier;

/**
 * What watches the API server.
 *
 * @param requests counts requests; filters before the API count into the same
 * @param sources what else is measured in this process, at this moment
 */
public record Monitoring(RequestMetrics requests, Supplier<List<MetricSource>> sources) {
    /**
     * That of a server without others.
     *
     * @return counts of its own
     */
    public static Monitoring alone() {
        RequestMetrics requests = new RequestMetrics();
        return new Monitoring(requests, () -> List.of(requests));
    }
}
