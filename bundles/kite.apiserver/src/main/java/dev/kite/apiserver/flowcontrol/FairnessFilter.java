package dev.kite.apiserver.flowcontrol;

import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpFilter;
import dev.kite.api.http.HttpHandler;
import dev.kite.api.security.UserInfo;
import dev.kite.apiserver.flowcontrol.FlowControl.Route;
import dev.kite.apiserver.flowcontrol.LevelSpec.Queuing;
import dev.kite.apiserver.request.LongRunning;
import dev.kite.apiserver.request.WatchInitialization;
import dev.kite.security.RequestInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * API priority and fairness: passes a request on when its priority level has seats for it, at once or after it waited in its flow's queue; else answers 429. What
 * runs as long as its client likes passes, but for watches, which hold their seats until they have sent what is there. Thread-safe.
 */
final class FairnessFilter implements HttpFilter {
    private static final long LONGEST_WAIT = TimeUnit.MINUTES.toNanos(1);

    private final FlowControl control;
    private final WorkEstimator estimator;
    private final WatchCounts watches;
    private final long wait;
    private final LongSupplier clock;
    private final TooManyRequests.Count count;

    /**
     * The filter.
     *
     * @param control the configuration
     * @param estimator knows what requests need
     * @param watches counts watches
     * @param timeout how long requests may last that don't say otherwise: a fourth of it they may wait
     * @param clock nanoseconds, those of System.nanoTime
     * @param count told of requests that are turned away
     */
    FairnessFilter(
            FlowControl control,
            WorkEstimator estimator,
            WatchCounts watches,
            Duration timeout,
            LongSupplier clock,
            TooManyRequests.Count count) {
        this.control = control;
        this.estimator = estimator;
        this.watches = watches;
        this.wait = Math.min(timeout.toNanos() / 4, LONGEST_WAIT);
        this.clock = clock;
        this.count = count;
    }

    @Override
    public int order() {
        return 400;
    }

    @Override
    public String name() {
        return "priority and fairness";
    }

    @Override
    public void filter(HttpExchange exchange, HttpHandler next) throws IOException {
        UserInfo user = exchange.user();
        RequestInfo info = exchange.attribute(RequestInfo.class);
        if (user == null || info == null) {
            // Authentication comes before this and answers whom it doesn't know; authorization refuses what has
            // neither.
            next.handle(exchange);
            return;
        }
        boolean watch = info.verb().equals("watch");
        if (!watch && LongRunning.is(info)) {
            next.handle(exchange);
            return;
        }
        Route route = control.route(user, info);
        Seat seat = seat(exchange, route, user, info);
        sign(exchange, route);
        TimedExchange timed = exchange.attribute(TimedExchange.class);
        boolean entered = route.level().enter(seat, deadline(timed, seat), exchange::onClose);
        if (!route.level().spec().exempt()) {
            waited(seat, entered);
        }
        if (!entered) {
            count.refused(exchange, info);
            refuse(exchange, route.level());
        } else if (watch) {
            watch(exchange, next, route, seat);
        } else {
            if (timed != null) {
                timed.seat(seat);
            }
            serve(exchange, next, route, seat);
        }
    }

    private Seat seat(HttpExchange exchange, Route route, UserInfo user, RequestInfo info) {
        Level level = route.level();
        FlowStats stats = route.stats();
        Queuing queuing = level.spec().queuing();
        boolean told = queuing != null && queuing.queues() > 1;
        String flow = told ? route.schema().flow(user, info) : "";
        Work work = estimator.estimate(info, exchange.query(), stats, most -> control.widest(level, most));
        stats.seats().record(work.seats());
        return new Seat(
                stats, flow, told ? control.hash(route.schema(), flow) : 0, user, info, work, clock.getAsLong());
    }

    private long deadline(@Nullable TimedExchange timed, Seat seat) {
        return timed == null
                ? seat.arrived() + wait
                : timed.began() + Math.min((timed.deadline() - timed.began()) / 4, LONGEST_WAIT);
    }

    /** By their uids: their names are not everybody's business. */
    private static void sign(HttpExchange exchange, Route route) {
        exchange.responseHeaders()
                .set("X-Kubernetes-PF-FlowSchema-UID", route.schema().uid());
        exchange.responseHeaders()
                .set("X-Kubernetes-PF-PriorityLevel-UID", route.level().spec().uid());
    }

    private void waited(Seat seat, boolean entered) {
        FlowStats stats = seat.stats();
        long until = entered ? seat.started() : clock.getAsLong();
        (entered || seat.queued() ? stats.waited() : stats.refusedAtOnce()).record(until - seat.arrived());
    }

    private void serve(HttpExchange exchange, HttpHandler next, Route route, Seat seat) throws IOException {
        try {
            next.handle(exchange);
        } finally {
            route.stats().regular().record(clock.getAsLong() - seat.started());
            route.level().leave(seat);
        }
    }

    private void watch(HttpExchange exchange, HttpHandler next, Route route, Seat seat) throws IOException {
        Runnable forget = watches.register(seat.info());
        WatchInitialization initialization = new WatchInitialization(() -> {
            route.stats().watches().record(clock.getAsLong() - seat.started());
            route.level().leave(seat);
        });
        exchange.attribute(WatchInitialization.class, initialization);
        try {
            next.handle(exchange);
        } finally {
            initialization.done();
            forget.run();
        }
    }

    private void refuse(HttpExchange exchange, Level level) throws IOException {
        TooManyRequests.answer(exchange, control.retryAfter(level));
    }
}
