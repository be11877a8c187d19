package dev.kite.http.client;

import dev.kite.api.metrics.MetricFamily;
import dev.kite.api.metrics.MetricSource;
import dev.kite.http.HttpClient;
import dev.kite.http.HttpClientFactory;
import dev.kite.http.HttpClientOptions;
import java.util.Collection;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Makes clients; each has its own connections and no threads. */
@Component(service = {HttpClientFactory.class, MetricSource.class})
public final class Clients implements HttpClientFactory, MetricSource {
    private final ClientMetrics metrics = new ClientMetrics();

    /** Nothing is shared between clients. */
    @Activate
    public Clients() {}

    @Override
    public HttpClient open(HttpClientOptions options) {
        return new PooledClient(options, metrics);
    }

    @Override
    public Collection<? extends MetricFamily> metrics() {
        return metrics.families();
    }
}
