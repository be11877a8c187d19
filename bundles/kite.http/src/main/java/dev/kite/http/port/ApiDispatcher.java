package dev.kite.http.port;

import dev.kite.api.http.BodyTooLargeException;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpFilter;
import dev.kite.api.http.HttpRoute;
import dev.kite.api.http.RequestDispatcher;
import dev.kite.http.message.Statuses;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes requests through the filters to the routes, while both come and go. Routes that are anonymous are reached without any filter. */
@Component(service = RequestDispatcher.class)
public final class ApiDispatcher implements RequestDispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(ApiDispatcher.class);

    /** A swap takes tens of milliseconds; a bundle that takes longer than this to come back is unavailable. */
    private static final Duration HOLD = Duration.ofSeconds(5);

    private static final Duration GRACE = Duration.ofMillis(500);
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private final RouteTable routes;
    private final FilterTable filters;

    /** Starts without filters and routes. */
    @Activate
    public ApiDispatcher() {
        this(HOLD, GRACE, DRAIN);
    }

    ApiDispatcher(Duration hold, Duration grace, Duration drain) {
        routes = new RouteTable(hold, grace, drain);
        filters = new FilterTable(hold);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addRoute(HttpRoute route) {
        routes.add(route);
    }

    void removeRoute(HttpRoute route) {
        routes.remove(route);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addFilter(HttpFilter filter) {
        filters.add(filter);
    }

    void removeFilter(HttpFilter filter) {
        filters.remove(filter);
    }

    @Override
    public void dispatch(HttpExchange exchange) throws IOException {
        try {
            route(exchange);
        } catch (BodyTooLargeException tooLarge) {
            if (exchange.committed()) {
                throw tooLarge;
            }
            exchange.responseHeaders().set("Connection", "close");
            Statuses.respond(
                    exchange, 413, "RequestEntityTooLarge", "Request entity too large: " + tooLarge.getMessage());
        } catch (RuntimeException | StackOverflowError failure) {
            LOG.error("{} {} failed", exchange.method(), exchange.path(), failure);
            if (exchange.committed()) {
                throw new IOException("The request failed after its response had begun", failure);
            }
            Statuses.respond(exchange, 500, "InternalError", "Internal error occurred: " + failure);
        }
    }

    private void route(HttpExchange exchange) throws IOException {
        switch (routes.resolve(exchange)) {
            case RouteTable.Resolution.Found(RouteTable.Use use) -> {
                try (use) {
                    filter(exchange, use.route());
                }
            }
            case RouteTable.Resolution.None() ->
                Statuses.respond(exchange, 404, "NotFound", "the server could not find the requested resource");
            case RouteTable.Resolution.Gone() -> unavailable(exchange, "What serves this path is being replaced");
            case RouteTable.Resolution.Starting() -> unavailable(exchange, "The server is starting");
        }
    }

    private void filter(HttpExchange exchange, HttpRoute route) throws IOException {
        if (route.anonymous()) {
            route.handle(exchange);
            return;
        }
        List<HttpFilter> steps = filters.await();
        if (steps == null) {
            unavailable(exchange, "The server is starting");
            return;
        }
        new FilterChain(steps, 0, route).handle(exchange);
    }

    private static void unavailable(HttpExchange exchange, String message) throws IOException {
        exchange.responseHeaders().set("Retry-After", "1");
        Statuses.respond(exchange, 503, "ServiceUnavailable", message);
    }
}
