package dev.kite.apiserver.webhook;

import dev.kite.apiserver.admission.Lookups;
import dev.kite.apiserver.aggregation.Aggregation;
import dev.kite.apiserver.bootstrap.Surroundings;
import dev.kite.apiserver.harness.Api;
import dev.kite.http.HttpClient;
import dev.kite.http.HttpClientOptions;
import dev.kite.http.client.Clients;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.function.BiFunction;

/** The API that reaches webhooks over HTTPS, and a webhook. */
public final class HookedApi implements AutoCloseable {
    private final TestWebhook hook;
    private final HttpClient plain;
    private final Api api;

    public HookedApi(Path folder, KeyStore keys) throws Exception {
        this(folder, keys, HttpsCaller::new);
    }

    /** One that calls webhooks in a way of its own. */
    public HookedApi(Path folder, KeyStore keys, BiFunction<Clients, Lookups, HttpsCaller> caller) throws Exception {
        Clients clients = new Clients();
        hook = new TestWebhook(keys);
        plain = clients.open(HttpClientOptions.of("test", null));
        Aggregation.Reach nowhere = new Aggregation.Reach(
                clients,
                () -> {
                    throw new IllegalStateException("no extension server is there");
                },
                false);
        api = new Api(
                Files.createDirectory(folder.resolve("db")),
                null,
                new Surroundings.Clients(plain, plain, lookups -> caller.apply(clients, lookups), nowhere));
    }

    public TestWebhook hook() {
        return hook;
    }

    public Api api() {
        return api;
    }

    @Override
    public void close() {
        api.close();
        plain.close();
        hook.close();
    }
}
