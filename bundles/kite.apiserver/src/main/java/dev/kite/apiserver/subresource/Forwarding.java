package dev.kite.apiserver.subresource;

import dev.kite.api.http.Headers;
import dev.kite.api.http.HttpExchange;
import dev.kite.apiserver.request.Errors;
import dev.kite.http.HttpClient;
import dev.kite.http.HttpClientRequest;
import dev.kite.http.HttpClientResponse;
import dev.kite.http.stream.Tunnel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Passes a request on to another server and its answer back, upgraded connections byte by byte. Thread-safe. */
public final class Forwarding {
    /** Fields that are about one connection (RFC 9110, 7.6.1), or that the client sets itself. */
    private static final Set<String> HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "content-length",
            "host");

    /** Who asks is between the client and this server. */
    private static final List<String> PRIVATE = List.of("authorization", "impersonate-");

    private static final int BUFFER = 16 * 1024;

    private Forwarding() {}

    /**
     * Passes a request on.
     *
     * @param exchange the request
     * @param client reaches the other server
     * @param target where to
     * @throws IOException if the client went away
     * @throws dev.kite.apiserver.request.StatusException 502 or 503 where the other server cannot be reached
     */
    public static void pass(HttpExchange exchange, HttpClient client, URI target) throws IOException {
        if (exchange.upgradable()) {
            tunnel(exchange, client, target);
            return;
        }
        HttpClientRequest request = new HttpClientRequest(
                exchange.method(), target, headers(exchange), exchange.requestBody(), length(exchange));
        try (HttpClientResponse response = send(client, request, target)) {
            exchange.onClose(response::close);
            exchange.status(response.status());
            copy(response.headers(), exchange.responseHeaders());
            stream(response.body(), exchange.responseBody());
        }
    }

    private static void tunnel(HttpExchange exchange, HttpClient client, URI target) throws IOException {
        try {
            Tunnel.proxy(
                    exchange, client, new HttpClientRequest(exchange.method(), target, headers(exchange), null, 0));
        } catch (IOException e) {
            if (exchange.committed()) {
                throw e;
            }
            throw Errors.internal("error dialing backend: " + e.getMessage());
        }
    }

    private static HttpClientResponse send(HttpClient client, HttpClientRequest request, URI target) {
        try {
            return client.send(request);
        } catch (IOException e) {
            throw Errors.unavailable(
                    "error trying to reach service: " + target.getAuthority() + ": " + e.getMessage(), 0);
        }
    }

    private static long length(HttpExchange exchange) {
        String field = exchange.requestHeaders().first("Content-Length");
        if (field != null) {
            try {
                return Long.parseLong(field);
            } catch (NumberFormatException _) {
                throw Errors.badRequest("Content-Length is no number");
            }
        }
        return exchange.requestHeaders().first("Transfer-Encoding") != null ? -1 : 0;
    }

    private static Headers headers(HttpExchange exchange) {
        Headers out = new Headers();
        copy(exchange.requestHeaders(), out);
        return out;
    }

    private static void copy(Headers from, Headers to) {
        from.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!HOP.contains(lower) && PRIVATE.stream().noneMatch(lower::startsWith)) {
                to.add(name, value);
            }
        });
    }

    private static void stream(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        int read = in.read(buffer);
        while (read >= 0) {
            out.write(buffer, 0, read);
            out.flush();
            read = in.read(buffer);
        }
    }
}
