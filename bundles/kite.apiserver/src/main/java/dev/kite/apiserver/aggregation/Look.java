package dev.kite.apiserver.aggregation;

import dev.kite.api.http.Headers;
import dev.kite.http.HttpClient;
import dev.kite.http.HttpClientRequest;
import dev.kite.http.HttpClientResponse;
import java.io.IOException;
import java.net.URI;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Looks at what a remote server says, on this server's own behalf: within a time for the whole answer, and up to a size. Thread-safe. */
final class Look {
    private final Servers servers;
    private final Resolver resolver;

    Look(Servers servers, Resolver resolver) {
        this.servers = servers;
        this.resolver = resolver;
    }

    /** What came. */
    record Seen(int status, Headers headers, byte[] body) {
        String header(String name) {
            String value = headers.first(name);
            return value == null ? "" : value;
        }
    }

    /**
     * Asks for a document.
     *
     * @param service who is asked
     * @param path the path, with its query
     * @param accept the Accept field
     * @param tag the If-None-Match field, empty for none
     * @param patience how long it may take as a whole
     * @param limit the largest body that is taken, in bytes
     * @return what came
     * @throws IOException with a message for people, where nothing came in time, or too much
     */
    Seen get(ApiService service, String path, String accept, String tag, Duration patience, int limit)
            throws IOException {
        ApiService.Reference to = service.service();
        if (to == null) {
            throw new IOException("APIService " + service.name() + " is served here");
        }
        URI uri;
        try {
            uri = URI.create(resolver.resolve(to) + path);
        } catch (Resolver.UnresolvedException e) {
            throw new IOException(e.getMessage(), e);
        }
        HttpClient client;
        try {
            client = servers.fresh(service, patience);
        } catch (CertificateException e) {
            throw new IOException(e.getMessage(), e);
        }
        HttpClientRequest request = HttpClientRequest.of("GET", uri);
        request.header("Host", to.host());
        request.header("Accept", accept);
        if (!tag.isEmpty()) {
            request.header("If-None-Match", tag);
        }
        FrontProxy.set(request.headers(), FrontProxy.AGGREGATOR);
        try (client) {
            return within(client, request, patience, limit);
        }
    }

    /** A server that sends a byte now and then never trips a socket's time-out: the time is kept from outside, and closing the client ends the read. */
    private static Seen within(HttpClient client, HttpClientRequest request, Duration patience, int limit)
            throws IOException {
        CompletableFuture<Seen> coming = new CompletableFuture<>();
        Thread.ofVirtual().name("look at " + request.uri().getRawAuthority()).start(() -> {
            try (HttpClientResponse response = client.send(request)) {
                coming.complete(new Seen(response.status(), response.headers(), response.bytes(limit)));
            } catch (IOException | RuntimeException e) {
                coming.completeExceptionally(e);
            }
        });
        try {
            return coming.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("timed out waiting for " + request.uri(), e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(
                    "failing or missing response from " + request.uri() + ": " + cause.getMessage(), cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
