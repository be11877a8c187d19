package dev.kite.http.client;

import dev.kite.http.HttpClient;
import dev.kite.http.HttpClientFactory;
import dev.kite.http.HttpClientOptions;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Makes clients; each has its own connections and no threads. */
@Component
public final class Clients implements HttpClientFactory {
    /** Nothing is shared between clients. */
    @Activate
    public Clients() {}

    @Override
    public HttpClient open(HttpClientOptions options) {
        return new PooledClient(options);
    }
}
