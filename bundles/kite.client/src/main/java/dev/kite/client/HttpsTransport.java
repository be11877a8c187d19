package dev.kite.client;

import dev.kite.http.ClientTls;
import dev.kite.http.HttpClient;
import dev.kite.http.HttpClientFactory;
import dev.kite.http.HttpClientOptions;
import dev.kite.http.HttpClientRequest;
import dev.kite.http.HttpClientResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;

/** Requests to a server over HTTPS, as a kubeconfig says. */
final class HttpsTransport implements Transport {
    private final Kubeconfig config;
    private final HttpClient http;

    /**
     * Prepares; it connects when it is first used.
     *
     * @param factory makes the HTTP client
     * @param config where and who
     */
    HttpsTransport(HttpClientFactory factory, Kubeconfig config) {
        this.config = config;
        ClientTls.ServerName name = config.insecure()
                ? new ClientTls.ServerName.Any()
                : config.serverName().isEmpty()
                        ? new ClientTls.ServerName.OfUri()
                        : new ClientTls.ServerName.Fixed(config.serverName());
        this.http = factory.open(
                HttpClientOptions.of("kube-api", ClientTls.of(config.authorities(), config.identity(), name)));
    }

    @Override
    public Answer send(Call call) throws IOException {
        String target = config.server() + call.path() + (call.query().isEmpty() ? "" : "?" + call.query());
        String contentType = call.headers().get("Content-Type");
        HttpClientRequest request = contentType == null
                ? HttpClientRequest.of(call.method(), URI.create(target))
                : HttpClientRequest.of(call.method(), URI.create(target), contentType, call.body());
        call.headers().forEach((name, value) -> {
            if (!name.equals("Content-Type")) {
                request.header(name, value);
            }
        });
        request.header("User-Agent", "kite");
        String token = config.token();
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return new Received(http.send(request));
    }

    private record Received(HttpClientResponse response) implements Answer {
        @Override
        public int status() {
            return response.status();
        }

        @Override
        public InputStream body() {
            return response.body();
        }

        @Override
        public void close() {
            response.close();
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
