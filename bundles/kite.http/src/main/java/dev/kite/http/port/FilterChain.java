package dev.kite.http.port;

import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpFilter;
import dev.kite.api.http.HttpHandler;
import java.io.IOException;
import java.util.List;

/** The filters that a request has still to pass, then its route. */
final class FilterChain implements HttpHandler {
    private final List<HttpFilter> filters;
    private final int index;
    private final HttpHandler route;
    private boolean called;

    FilterChain(List<HttpFilter> filters, int index, HttpHandler route) {
        this.filters = filters;
        this.index = index;
        this.route = route;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        if (called) {
            throw new IllegalStateException(
                    "The filter " + filters.get(index - 1).name() + " passed a request on twice");
        }
        called = index > 0;
        if (index == filters.size()) {
            route.handle(exchange);
        } else {
            filters.get(index).filter(exchange, new FilterChain(filters, index + 1, route));
        }
    }
}
