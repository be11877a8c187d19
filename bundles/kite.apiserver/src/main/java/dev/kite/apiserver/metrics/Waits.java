package dev.kite.apiserver.metrics;

import dev.kite.api.http.HttpExchange;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/** How long a request waited for others: webhooks and its turn. That is no matter of this server's service level. Thread-safe. */
public final class Waits {
    private static final ScopedValue<Waits> OF_WRITE = ScopedValue.newInstance();

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
     * Adds a wait to the write that this thread does; nothing where it does none for a request.
     *
     * @param nanos how long it waited
     */
    public static void add(long nanos) {
        if (OF_WRITE.isBound()) {
            OF_WRITE.get().nanos.addAndGet(nanos);
        }
    }

    /** What a write does. */
    @FunctionalInterface
    public interface Work {
        /**
         * Does it.
         *
         * @throws IOException if the client went away
         */
        void run() throws IOException;
    }

    /**
     * Does a write whose waits are its request's.
     *
     * @param exchange the request
     * @param work what is done
     * @throws IOException if the client went away
     */
    public static void during(HttpExchange exchange, Work work) throws IOException {
        Waits waits = exchange.attribute(Waits.class);
        if (waits == null) {
            waits = new Waits();
            exchange.attribute(Waits.class, waits);
        }
        ScopedValue.where(OF_WRITE, waits).<Void, IOException>call(() -> {
            work.run();
            return null;
        });
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
