package dev.kite.apiserver.metrics;

import dev.kite.api.http.HttpExchange;
import dev.kite.api.metrics.GatheredMetrics;
import dev.kite.api.metrics.MetricFormat;
import dev.kite.api.metrics.MetricSource;
import dev.kite.apiserver.request.ApiRoute;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;

/** Answers /metrics: what all sources tell, in the form that the client takes. Thread-safe. */
public final class MetricsDocument implements ApiRoute.Document {
    private final Supplier<List<MetricSource>> sources;
    private final Runnable reset;

    /**
     * The document.
     *
     * @param sources the sources at this moment
     * @param reset forgets what was counted of requests
     */
    public MetricsDocument(Supplier<List<MetricSource>> sources, Runnable reset) {
        this.sources = sources;
        this.reset = reset;
    }

    @Override
    public boolean serve(HttpExchange exchange) throws IOException {
        if (!exchange.path().equals("/metrics")) {
            return false;
        }
        if (exchange.method().equals("DELETE")) {
            reset.run();
            exchange.respond(200, "text/plain; charset=utf-8", "metrics reset\n".getBytes(StandardCharsets.US_ASCII));
            return true;
        }
        tell(exchange, sources.get());
        return true;
    }

    /**
     * Answers with what sources tell.
     *
     * @param exchange the request
     * @param sources the sources
     * @throws IOException if the client went away
     */
    static void tell(HttpExchange exchange, List<MetricSource> sources) throws IOException {
        GatheredMetrics metrics = GatheredMetrics.of(sources);
        MetricFormat form = MetricFormat.accepted(exchange.requestHeaders().first("Accept"));
        exchange.status(200);
        exchange.responseHeaders()
                .set("Content-Type", form.contentType())
                .set("Process-Start-Time-Unix", Long.toString(ProcessMetrics.startSeconds()));
        OutputStream out = exchange.responseBody();
        if (!exchange.requestHeaders().hasToken("Accept-Encoding", "gzip")) {
            form.write(metrics, out);
            return;
        }
        exchange.responseHeaders().set("Content-Encoding", "gzip");
        GZIPOutputStream packed = new GZIPOutputStream(out, 8 * 1024);
        form.write(metrics, packed);
        packed.finish();
    }
}
