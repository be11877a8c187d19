package dev.kite.apiserver.flowcontrol;

import dev.kite.api.http.HttpExchange;
import dev.kite.security.RequestInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The answer to requests that the server has no room for, as Kubernetes gives it: plain text. Stateless. */
final class TooManyRequests {
    private static final byte[] TEXT =
            "Too many requests, please try again later.\n".getBytes(StandardCharsets.US_ASCII);

    /** Counts requests that were turned away. */
    interface Count {
        /** Counts one. */
        void refused(HttpExchange exchange, RequestInfo info);
    }

    private TooManyRequests() {}

    static void answer(HttpExchange exchange, long retryAfterSeconds) throws IOException {
        exchange.responseHeaders().set("Retry-After", Long.toString(retryAfterSeconds));
        exchange.responseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.respond(429, "text/plain; charset=utf-8", TEXT);
    }
}
