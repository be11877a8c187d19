package dev.kite.apiserver.flowcontrol;

import dev.kite.api.arguments.GoDurations;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpFilter;
import dev.kite.api.http.HttpHandler;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.request.LongRunning;
import dev.kite.apiserver.request.Responder;
import dev.kite.apiserver.request.WatchLifetime;
import dev.kite.security.RequestInfo;
import java.io.IOException;
import java.time.Duration;

/**
 * Requests that take longer than they may are answered 504: those that don't run as long as their clients like, after the server's time-out or the request's own
 * shorter one. Watches learn how long they may last. Thread-safe.
 */
final class TimeoutFilter implements HttpFilter {
    private final Deadlines deadlines;
    private final Duration timeout;
    private final WatchLifetime watches;
    private final Responder responder;

    /**
     * The filter.
     *
     * @param deadlines keeps the times
     * @param timeout how long requests may take
     * @param watches how long watches last
     * @param responder writes refusals
     */
    TimeoutFilter(Deadlines deadlines, Duration timeout, WatchLifetime watches, Responder responder) {
        this.deadlines = deadlines;
        this.timeout = timeout;
        this.watches = watches;
        this.responder = responder;
    }

    @Override
    public int order() {
        return 150;
    }

    @Override
    public String name() {
        return "time-outs";
    }

    @Override
    public void filter(HttpExchange exchange, HttpHandler next) throws IOException {
        RequestInfo info = exchange.attribute(RequestInfo.class);
        if (info == null || LongRunning.is(info)) {
            if (info != null && info.verb().equals("watch") && !watches.equals(WatchLifetime.DEFAULT)) {
                exchange.attribute(WatchLifetime.class, watches);
            }
            next.handle(exchange);
            return;
        }
        long allowed = timeout.toNanos();
        String asked = exchange.query().first("timeout", "");
        if (!asked.isEmpty()) {
            try {
                long wanted = GoDurations.parse(asked).toNanos();
                allowed = wanted > 0 ? Math.min(allowed, wanted) : allowed;
            } catch (IllegalArgumentException e) {
                responder.refuse(
                        exchange,
                        Errors.badRequest("invalid timeout specified in the request URL - " + e.getMessage()));
                return;
            }
        }
        long began = System.nanoTime();
        run(new TimedExchange(exchange, began, began + allowed), next);
    }

    private void run(TimedExchange exchange, HttpHandler next) throws IOException {
        exchange.attribute(TimedExchange.class, exchange);
        deadlines.add(exchange);
        try {
            next.handle(exchange);
        } catch (IOException e) {
            if (!exchange.expired()) {
                throw e;
            }
            // What a handler says that goes on after its time is nobody's business any more.
        } finally {
            deadlines.remove(exchange);
            if (!exchange.end()) {
                exchange.awaitTold();
            }
        }
    }
}
