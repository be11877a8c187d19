package dev.kite.apiserver.flowcontrol;

import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpFilter;
import dev.kite.api.http.HttpHandler;
import dev.kite.api.security.UserInfo;
import dev.kite.apiserver.request.LongRunning;
import dev.kite.security.RequestInfo;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Where priority and fairness is off: so many requests that read and so many that change run at once, others get 429, unless an administrator asks. Thread-safe.
 */
final class InflightFilter implements HttpFilter {
    private static final Set<String> READING = Set.of("get", "list", "watch");

    private final @Nullable Places reading;
    private final @Nullable Places mutating;
    private final TooManyRequests.Count count;

    private static final class Places {
        private final AtomicInteger taken = new AtomicInteger();
        private final int limit;

        Places(int limit) {
            this.limit = limit;
        }

        boolean take() {
            if (taken.incrementAndGet() <= limit) {
                return true;
            }
            taken.decrementAndGet();
            return false;
        }

        void free() {
            taken.decrementAndGet();
        }
    }

    /**
     * The filter.
     *
     * @param reading how many, 0 for any number
     * @param mutating likewise
     * @param count told of requests that are turned away
     */
    InflightFilter(int reading, int mutating, TooManyRequests.Count count) {
        this.count = count;
        this.reading = reading == 0 ? null : new Places(reading);
        this.mutating = mutating == 0 ? null : new Places(mutating);
    }

    @Override
    public int order() {
        return 400;
    }

    @Override
    public String name() {
        return "requests in flight";
    }

    @Override
    public void filter(HttpExchange exchange, HttpHandler next) throws IOException {
        RequestInfo info = exchange.attribute(RequestInfo.class);
        if (info == null || LongRunning.is(info)) {
            next.handle(exchange);
            return;
        }
        Places places = READING.contains(info.verb()) ? reading : mutating;
        if (places == null) {
            next.handle(exchange);
        } else if (places.take()) {
            try {
                next.handle(exchange);
            } finally {
                places.free();
            }
        } else if (isAdministrator(exchange.user())) {
            next.handle(exchange);
        } else {
            count.refused(exchange, info);
            TooManyRequests.answer(exchange, 1);
        }
    }

    private static boolean isAdministrator(@Nullable UserInfo user) {
        return user != null && user.groups().contains(UserInfo.MASTERS);
    }
}
