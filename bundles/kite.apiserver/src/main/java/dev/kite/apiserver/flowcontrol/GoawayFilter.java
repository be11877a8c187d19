package dev.kite.apiserver.flowcontrol;

import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpFilter;
import dev.kite.api.http.HttpHandler;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;

/** Asks the clients of a part of all HTTP/2 requests to go on over a new connection, so that they spread over servers: by --goaway-chance. Thread-safe. */
final class GoawayFilter implements HttpFilter {
    private final double chance;

    /**
     * The filter.
     *
     * @param chance how large a part, 0 to 1
     */
    GoawayFilter(double chance) {
        this.chance = chance;
    }

    @Override
    public int order() {
        return 20;
    }

    @Override
    public String name() {
        return "connections that end";
    }

    @Override
    public void filter(HttpExchange exchange, HttpHandler next) throws IOException {
        if (exchange.protocol().equals("HTTP/2.0")
                && ThreadLocalRandom.current().nextDouble() < chance) {
            exchange.responseHeaders().set("Connection", "close");
        }
        next.handle(exchange);
    }
}
