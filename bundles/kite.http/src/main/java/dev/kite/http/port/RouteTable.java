package dev.kite.http.port;

import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpRoute;
import dev.kite.http.Endable;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes of the moment and the requests in them. A prefix whose route has gone is remembered for a while: requests to it wait for the next version of
 * the route instead of falling to a shorter prefix.
 */
final class RouteTable {
    private static final Logger LOG = LoggerFactory.getLogger(RouteTable.class);

    private final Duration hold;
    private final Duration grace;
    private final Duration drain;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, Long> goneAt = new HashMap<>();
    private boolean complete;

    /**
     * An empty table.
     *
     * @param hold how long requests wait for a route's next version
     * @param grace how long requests in a route that goes may end by themselves
     * @param drain how long they may take to end once told
     */
    RouteTable(Duration hold, Duration grace, Duration drain) {
        this.hold = hold;
        this.grace = grace;
        this.drain = drain;
    }

    /** What a path leads to. */
    sealed interface Resolution {
        /** To a route, which is held until the use ends. */
        record Found(Use use) implements Resolution {}

        /** To none. */
        record None() implements Resolution {}

        /** To one that has gone and did not come back in time. */
        record Gone() implements Resolution {}

        /** Nobody knows yet: the route of all else has not come. */
        record Starting() implements Resolution {}
    }

    /** One request in a route; closing it lets the route go. */
    final class Use implements AutoCloseable {
        private final Entry entry;
        private final HttpExchange exchange;

        private Use(Entry entry, HttpExchange exchange) {
            this.entry = entry;
            this.exchange = exchange;
        }

        HttpRoute route() {
            return entry.route;
        }

        @Override
        public void close() {
            lock.lock();
            try {
                entry.exchanges.remove(exchange);
                if (entry.leaving) {
                    changed.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** A route and the requests in it. */
    private static final class Entry {
        private final HttpRoute route;
        private final String prefix;
        private final Set<HttpExchange> exchanges = new HashSet<>();
        private boolean leaving;

        Entry(HttpRoute route) {
            this.route = route;
            this.prefix = route.prefix();
        }
    }

    void add(HttpRoute route) {
        var entry = new Entry(route);
        if (!entry.prefix.startsWith("/")) {
            throw new IllegalArgumentException("A route's prefix starts with a slash: " + entry.prefix + " of "
                    + route.getClass().getName());
        }
        lock.lock();
        try {
            // The newest version of a prefix comes first.
            entries.addFirst(entry);
            goneAt.remove(entry.prefix);
            complete |= entry.prefix.equals("/");
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes a route away and returns when no request is in it, or the time is up. */
    void remove(HttpRoute route) {
        lock.lock();
        try {
            Entry entry = entries.stream()
                    .filter(e -> e.route.equals(route))
                    .findFirst()
                    .orElse(null);
            if (entry == null) {
                return;
            }
            entries.remove(entry);
            entry.leaving = true;
            if (entries.stream().noneMatch(e -> e.prefix.equals(entry.prefix))) {
                goneAt.put(entry.prefix, System.nanoTime());
            }
            drain(entry);
        } finally {
            lock.unlock();
        }
    }

    private void drain(Entry entry) {
        if (awaitEmpty(entry, grace)) {
            return;
        }
        List<HttpExchange> left = List.copyOf(entry.exchanges);
        lock.unlock();
        try {
            for (HttpExchange exchange : left) {
                if (exchange instanceof Endable endable) {
                    endable.endSoon();
                }
            }
        } finally {
            lock.lock();
        }
        if (!awaitEmpty(entry, drain)) {
            LOG.warn("Route {} goes with {} requests still in it", entry.prefix, entry.exchanges.size());
        }
    }

    private boolean awaitEmpty(Entry entry, Duration within) {
        long left = within.toNanos();
        try {
            while (!entry.exchanges.isEmpty()) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Finds the route of a request, waiting for one that is being swapped. */
    Resolution resolve(HttpExchange exchange) throws InterruptedIOException {
        String path = exchange.path();
        long deadline = System.nanoTime() + hold.toNanos();
        boolean swapping = false;
        lock.lock();
        try {
            while (true) {
                Entry entry = longest(path);
                String gone = longestGone(path, entry);
                if (gone == null && entry != null) {
                    return use(entry, exchange);
                }
                if (gone == null && complete) {
                    return swapping ? new Resolution.Gone() : new Resolution.None();
                }
                swapping |= gone != null;
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return swapping ? new Resolution.Gone() : new Resolution.Starting();
                }
                changed.await(left, TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while waiting for a route");
        } finally {
            lock.unlock();
        }
    }

    private Resolution use(Entry entry, HttpExchange exchange) {
        entry.exchanges.add(exchange);
        return new Resolution.Found(new Use(entry, exchange));
    }

    private @Nullable Entry longest(String path) {
        Entry best = null;
        for (Entry entry : entries) {
            if (covers(entry.prefix, path) && (best == null || entry.prefix.length() > best.prefix.length())) {
                best = entry;
            }
        }
        return best;
    }

    /** Returns a remembered prefix that is longer than what is there, forgetting those whose time has passed. */
    private @Nullable String longestGone(String path, @Nullable Entry found) {
        long now = System.nanoTime();
        goneAt.values().removeIf(at -> now - at > hold.toNanos());
        for (String prefix : goneAt.keySet()) {
            if (covers(prefix, path) && (found == null || prefix.length() > found.prefix.length())) {
                return prefix;
            }
        }
        return null;
    }

    private static boolean covers(String prefix, String path) {
        return prefix.endsWith("/") ? path.startsWith(prefix) : path.equals(prefix);
    }
}
