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
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Passes a request on to another server and its answer back as it comes, upgraded connections byte by byte. Thread-safe. */
public final class Forwarding {
    /** Fields that are about one connection (RFC 9110, 7.6.1), or that the client sets itself. */
    private static final Set<String> HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "expect",
            "content-length",
            "host");

    /** Who asks is between the client and this server. */
    private static final List<String> PRIVATE = List.of("authorization", "impersonate-");

    private static final int BUFFER = 16 * 1024;

    private Forwarding() {}

    /** What a proxy does beyond passing on. Belongs to one request. */
    public interface Rules {
        /** Nothing more: a kubelet is told what the client said. */
        Rules PLAIN = new Rules() {};

        /**
         * Changes the request's fields.
         *
         * @param fields those that are passed on, without those of the connection
         */
        default void request(Headers fields) {}

        /**
         * Answers in the other server's place.
         *
         * @param exchange the request
         * @param status the other server's status code
         * @param fields its fields
         * @return whether it was answered
         * @throws IOException if the client went away
         */
        default boolean answers(HttpExchange exchange, int status, Headers fields) throws IOException {
            return false;
        }

        /**
         * Changes the answer's fields.
         *
         * @param fields those that are passed back, without those of the connection
         */
        default void response(Headers fields) {}

        /**
         * Answers where the other server cannot be reached.
         *
         * @param exchange the request, not answered yet
         * @param why what failed
         * @throws IOException if the client went away
         */
        default void unreachable(HttpExchange exchange, String why) throws IOException {
            throw Errors.unavailable("error trying to reach service: " + why, 0);
        }
    }

    /**
     * Passes a request on.
     *
     * @param exchange the request
     * @param client reaches the other server
     * @param target where to
     * @throws IOException if the client went away
     * @throws dev.kite.apiserver.request.StatusException 503 where the other server cannot be reached
     */
    public static void pass(HttpExchange exchange, HttpClient client, URI target) throws IOException {
        pass(exchange, client, target, Rules.PLAIN);
    }

    /**
     * Passes a request on.
     *
     * @param exchange the request
     * @param client reaches the other server
     * @param target where to
     * @param rules what is done beyond that
     * @throws IOException if the client went away
     */
    public static void pass(HttpExchange exchange, HttpClient client, URI target, Rules rules) throws IOException {
        Headers fields = copy(exchange.requestHeaders(), true);
        rules.request(fields);
        if (exchange.upgradable()) {
            tunnel(exchange, client, new HttpClientRequest(exchange.method(), target, fields, null, 0), rules);
            return;
        }
        long length = length(exchange);
        InputStream body = length == 0 ? null : exchange.requestBody();
        HttpClientResponse response;
        try {
            response = client.send(new HttpClientRequest(exchange.method(), target, fields, body, length));
        } catch (IOException e) {
            rules.unreachable(exchange, target.getAuthority() + ": " + e.getMessage());
            return;
        }
        try (response) {
            exchange.onClose(response::close);
            if (rules.answers(exchange, response.status(), response.headers())) {
                return;
            }
            answer(exchange, response, rules);
        }
    }

    /**
     * Adds who asks to X-Forwarded-For, after those who passed it on before.
     *
     * @param exchange the request
     * @param fields the fields that are passed on
     */
    public static void forwardedFor(HttpExchange exchange, Headers fields) {
        InetSocketAddress from = exchange.remoteAddress();
        if (from.getAddress() != null) {
            String before = String.join(", ", fields.all("X-Forwarded-For"));
            String address = from.getAddress().getHostAddress();
            fields.set("X-Forwarded-For", before.isEmpty() ? address : before + ", " + address);
        }
    }

    private static void answer(HttpExchange exchange, HttpClientResponse response, Rules rules) throws IOException {
        exchange.status(response.status());
        Headers back = copy(response.headers(), false);
        rules.response(back);
        back.forEach((name, value) -> {
            // This server says these of itself, too: the other's word stands.
            if (name.equalsIgnoreCase("Date") || name.equalsIgnoreCase("Cache-Control")) {
                exchange.responseHeaders().set(name, value);
            } else {
                exchange.responseHeaders().add(name, value);
            }
        });
        String length = response.headers().first("Content-Length");
        if (length != null && response.headers().first("Transfer-Encoding") == null) {
            exchange.responseHeaders().set("Content-Length", length);
        }
        stream(response.body(), exchange.responseBody());
    }

    private static void tunnel(HttpExchange exchange, HttpClient client, HttpClientRequest request, Rules rules)
            throws IOException {
        try {
            Tunnel.proxy(exchange, client, request);
        } catch (IOException e) {
            if (exchange.committed()) {
                throw e;
            }
            if (rules == Rules.PLAIN) {
                throw Errors.internal("error dialing backend: " + e.getMessage());
            }
            rules.unreachable(exchange, request.uri().getAuthority() + ": " + e.getMessage());
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
        boolean chunked = exchange.requestHeaders().first("Transfer-Encoding") != null;
        // HTTP/2 ends bodies by frames and may say nothing of their length.
        boolean framed = exchange.protocol().startsWith("HTTP/2")
                && !Set.of("GET", "HEAD", "DELETE", "OPTIONS").contains(exchange.method());
        return chunked || framed ? -1 : 0;
    }

    private static Headers copy(Headers from, boolean request) {
        Set<String> named = new HashSet<>();
        for (String value : from.all("Connection")) {
            for (String token : value.split(",")) {
                named.add(token.strip().toLowerCase(Locale.ROOT));
            }
        }
        Headers to = new Headers();
        from.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            boolean hidden = request && PRIVATE.stream().anyMatch(lower::startsWith);
            if (!HOP.contains(lower) && !named.contains(lower) && !hidden && !lower.startsWith(":")) {
                to.add(name, value);
            }
        });
        return to;
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
