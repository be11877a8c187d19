package dev.kite.apiserver.flowcontrol;

import dev.kite.api.metrics.CounterFamily;
import dev.kite.api.metrics.GaugeFamily;
import dev.kite.api.metrics.HistogramFamily;
import dev.kite.api.metrics.Metric;
import dev.kite.api.metrics.MetricFamily;
import dev.kite.api.metrics.MetricSource;
import dev.kite.api.metrics.SampledFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** Flow control's figures under upstream's names. Thread-safe; recording neither locks nor allocates. */
final class FlowMetrics implements MetricSource {
    private static final String PREFIX = "apiserver_flowcontrol_";
    private static final String LEVEL = "priority_level";
    private static final String SCHEMA = "flow_schema";
    private static final double[] SECONDS = {0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30};

    final CounterFamily rejected = new CounterFamily(beta(
            "rejected_requests_total",
            "Number of requests rejected by API Priority and Fairness subsystem",
            LEVEL,
            SCHEMA,
            "reason"));
    final CounterFamily dispatched = new CounterFamily(beta(
            "dispatched_requests_total",
            "Number of requests executed by API Priority and Fairness subsystem",
            LEVEL,
            SCHEMA));
    final GaugeFamily waiting = new GaugeFamily(beta(
            "current_inqueue_requests",
            "Number of requests currently pending in queues of the API Priority and Fairness subsystem",
            LEVEL,
            SCHEMA));
    final GaugeFamily waitingSeats = new GaugeFamily(alpha(
            "current_inqueue_seats",
            "Number of seats currently pending in queues of the API Priority and Fairness subsystem",
            LEVEL,
            SCHEMA));
    final GaugeFamily executing = new GaugeFamily(beta(
            "current_executing_requests",
            "Number of requests in initial (for a WATCH) or any (for a non-WATCH) execution stage in the API Priority and"
                    + " Fairness subsystem",
            LEVEL,
            SCHEMA));
    final GaugeFamily executingSeats = new GaugeFamily(beta(
            "current_executing_seats",
            "Concurrency (number of seats) occupied by the currently executing (initial stage for a WATCH, any stage"
                    + " otherwise) requests in the API Priority and Fairness subsystem",
            LEVEL,
            SCHEMA));
    final CounterFamily noRoom = new CounterFamily(alpha(
            "request_dispatch_no_accommodation_total",
            "Number of times a dispatch attempt resulted in a non accommodation due to lack of available seats",
            LEVEL,
            SCHEMA));
    final HistogramFamily waited = HistogramFamily.seconds(
            beta(
                    "request_wait_duration_seconds",
                    "Length of time a request spent waiting in its queue",
                    LEVEL,
                    SCHEMA,
                    "execute"),
            SECONDS);
    final HistogramFamily executed = HistogramFamily.seconds(
            alpha(
                    "request_execution_seconds",
                    "Duration of initial stage (for a WATCH) or any (for a non-WATCH) stage of request execution in the"
                            + " API Priority and Fairness subsystem",
                    LEVEL,
                    SCHEMA,
                    "type"),
            SECONDS);
    final HistogramFamily watchers = HistogramFamily.whole(
            alpha(
                    "watch_count_samples",
                    "count of watchers for mutating requests in API Priority and Fairness",
                    LEVEL,
                    SCHEMA),
            0,
            1,
            10,
            100,
            1000,
            10_000);
    final HistogramFamily seats = HistogramFamily.whole(
            alpha(
                    "work_estimated_seats",
                    "Number of estimated seats (maximum of initial and final seats) associated with requests in API"
                            + " Priority and Fairness",
                    LEVEL,
                    SCHEMA),
            1,
            2,
            4,
            8,
            16,
            32,
            64,
            100);
    final HistogramFamily queueLength = HistogramFamily.whole(
            alpha(
                    "request_queue_length_after_enqueue",
                    "Length of queue in the API Priority and Fairness subsystem, as seen by each request after it is"
                            + " enqueued",
                    LEVEL,
                    SCHEMA),
            0,
            10,
            25,
            50,
            100,
            250,
            500,
            1000);

    private final List<MetricFamily> families = new ArrayList<>(List.of(
            rejected,
            dispatched,
            waiting,
            waitingSeats,
            executing,
            executingSeats,
            noRoom,
            waited,
            executed,
            watchers,
            seats,
            queueLength));

    /**
     * Figures of levels.
     *
     * @param levels the levels of the moment
     * @param fair the multiple of its aim that each level gets
     */
    FlowMetrics(Supplier<List<LevelShare>> levels, Supplier<Double> fair) {
        String nominal = "Nominal number of execution seats configured for each priority level";
        level(levels, beta("nominal_limit_seats", nominal, LEVEL), LevelShare::nominal);
        level(
                levels,
                alpha(
                        "lower_limit_seats",
                        "Configured lower bound on number of execution seats available to each priority level",
                        LEVEL),
                LevelShare::lowest);
        level(
                levels,
                alpha(
                        "upper_limit_seats",
                        "Configured upper bound on number of execution seats available to each priority level",
                        LEVEL),
                LevelShare::highest);
        level(
                levels,
                alpha(
                        "current_limit_seats",
                        "current derived number of execution seats available to each priority level",
                        LEVEL),
                LevelShare::current);
        level(
                levels,
                alpha(
                        "demand_seats_high_watermark",
                        "High watermark, over last adjustment period, of demand_seats",
                        LEVEL),
                LevelShare::watermark);
        level(
                levels,
                alpha(
                        "demand_seats_average",
                        "Time-weighted average, over last adjustment period, of demand_seats",
                        LEVEL),
                LevelShare::average);
        level(
                levels,
                alpha(
                        "demand_seats_stdev",
                        "Time-weighted standard deviation, over last adjustment period, of demand_seats",
                        LEVEL),
                LevelShare::deviation);
        level(levels, alpha("demand_seats_smoothed", "Smoothed seat demands", LEVEL), LevelShare::smoothed);
        level(levels, alpha("target_seats", "Seat allocation targets", LEVEL), LevelShare::target);
        level(
                levels,
                alpha("current_r", "R(time of last change)", LEVEL),
                share -> share.level().queues().virtual() / Work.UNITS);
        families.add(SampledFamily.gauge(
                alpha(
                        "seat_fair_frac",
                        "Fair fraction of server's concurrency to allocate to each priority level that can use it"),
                fair::get));
    }

    private void level(Supplier<List<LevelShare>> levels, Metric metric, ToDoubleFunction<LevelShare> figure) {
        families.add(SampledFamily.gauges(
                metric,
                to -> levels.get()
                        .forEach(share -> to.accept(List.of(share.level().name()), figure.applyAsDouble(share)))));
    }

    private static Metric alpha(String name, String help, String... labels) {
        return Metric.alpha(PREFIX + name, help, labels);
    }

    private static Metric beta(String name, String help, String... labels) {
        return Metric.beta(PREFIX + name, help, labels);
    }

    @Override
    public List<MetricFamily> metrics() {
        return List.copyOf(families);
    }
}
