package dev.kite.apiserver.metrics;

import dev.kite.api.http.HttpExchange;
import java.util.concurrent.atomic.AtomicLong;

/** How long a request waited for others: webhooks and its turn. That is no matter of this server's service level. Thread-safe. */
public final class Waits {
    private final AtomicLong nanos = new AtomicLong();

    private Waits() {}

    /**
     * Adds a wait to a request.
     *
     * @param exchange the request; its own thread calls
     * @param nanos how long it waited
     */
    public static void add(HttpExchange exchange, long nanos) {
        Waits waits = exchange.attribute(Waits.class);
        if (waits == null) {
            waits = new Waits();
            exchange.attribute(Waits.class, waits);
        }
        waits.nanos.addAndGet(nanos);
    }

    /**
     * What a request waited.
     *
     * @param exchange the request
     * @return nanoseconds
     */
    static long of(HttpExchange exchange) {
        Waits waits = exchange.attribute(Waits.class);
        return waits == null ? 0 : waits.nanos.get();
    }
}
