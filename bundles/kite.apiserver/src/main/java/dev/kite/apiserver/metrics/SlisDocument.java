package dev.kite.apiserver.metrics;

import dev.kite.api.http.HttpExchange;
import dev.kite.api.metrics.MetricSource;
import dev.kite.apiserver.request.ApiRoute;
import java.io.IOException;
import java.util.List;

/** Answers /metrics/slis: what health checks found. Thread-safe. */
public final class SlisDocument implements ApiRoute.Document {
    private final List<MetricSource> sources;

    /**
     * The document.
     *
     * @param health what health checks found
     */
    public SlisDocument(MetricSource health) {
        this.sources = List.of(health);
    }

    @Override
    public boolean serve(HttpExchange exchange) throws IOException {
        if (!exchange.path().equals("/metrics/slis")) {
            return false;
        }
        MetricsDocument.tell(exchange, sources);
        return true;
    }
}
