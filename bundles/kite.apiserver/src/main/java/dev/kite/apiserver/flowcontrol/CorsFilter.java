package dev.kite.apiserver.flowcontrol;

import dev.kite.api.http.Headers;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpFilter;
import dev.kite.api.http.HttpHandler;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/** Lets pages of the allowed origins read the API from browsers, by --cors-allowed-origins; preflights are answered before anybody signs in. Thread-safe. */
final class CorsFilter implements HttpFilter {
    /** Longer origins are no browser's. */
    private static final int LONGEST = 1024;

    private final List<Pattern> allowed;

    /**
     * The filter.
     *
     * @param allowed what an origin must match one of
     */
    CorsFilter(List<Pattern> allowed) {
        this.allowed = List.copyOf(allowed);
    }

    @Override
    public int order() {
        return 40;
    }

    @Override
    public String name() {
        return "cross-origin requests";
    }

    @Override
    public void filter(HttpExchange exchange, HttpHandler next) throws IOException {
        String origin = exchange.requestHeaders().first("Origin");
        if (origin == null || origin.length() > LONGEST || !allows(origin)) {
            next.handle(exchange);
            return;
        }
        Headers headers = exchange.responseHeaders();
        headers.set("Access-Control-Allow-Origin", origin);
        headers.set("Access-Control-Allow-Methods", "POST, GET, OPTIONS, PUT, DELETE, PATCH");
        headers.set(
                "Access-Control-Allow-Headers",
                "Content-Type, Content-Length, Accept-Encoding, X-CSRF-Token, Authorization, X-Requested-With,"
                        + " If-Modified-Since");
        headers.set("Access-Control-Expose-Headers", "Date");
        headers.set("Access-Control-Allow-Credentials", "true");
        if (exchange.method().equals("OPTIONS")) {
            exchange.status(204);
            return;
        }
        next.handle(exchange);
    }

    private boolean allows(String origin) {
        for (Pattern pattern : allowed) {
            if (pattern.matcher(origin).find()) {
                return true;
            }
        }
        return false;
    }
}
