package dev.kite.apiserver.flowcontrol;

import dev.kite.api.metrics.Counter;
import dev.kite.api.metrics.Gauge;
import dev.kite.api.metrics.Histogram;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** What is counted of one FlowSchema's requests at one priority level: its series, found once. Thread-safe, without a lock. */
final class FlowStats {
    /** Why requests are refused. */
    enum Refusal {
        /** The flow's queues are full. */
        QUEUE_FULL("queue-full"),
        /** No seat, at a level that doesn't queue. */
        CONCURRENCY_LIMIT("concurrency-limit"),
        /** It waited too long, or its client went. */
        TIME_OUT("time-out");

        private final String label;

        Refusal(String label) {
            this.label = label;
        }
    }

    private final String level;
    private final String schema;
    private final Map<Refusal, Counter> refused = new EnumMap<>(Refusal.class);
    final Counter dispatched;
    final Gauge waiting;
    final Gauge waitingSeats;
    final Gauge executing;
    final Gauge executingSeats;
    final Counter noRoom;
    final Histogram waited;
    final Histogram waitedInVain;
    final Histogram regular;
    final Histogram watches;
    final Histogram watchers;
    final Histogram seats;
    final Histogram queueLength;

    FlowStats(FlowMetrics metrics, String level, String schema) {
        this.level = level;
        this.schema = schema;
        for (Refusal refusal : Refusal.values()) {
            refused.put(refusal, metrics.rejected.with(level, schema, refusal.label));
        }
        dispatched = metrics.dispatched.with(level, schema);
        waiting = metrics.waiting.with(level, schema);
        waitingSeats = metrics.waitingSeats.with(level, schema);
        executing = metrics.executing.with(level, schema);
        executingSeats = metrics.executingSeats.with(level, schema);
        noRoom = metrics.noRoom.with(level, schema);
        waited = metrics.waited.with(level, schema, "true");
        waitedInVain = metrics.waited.with(level, schema, "false");
        regular = metrics.executed.with(level, schema, "regular");
        watches = metrics.executed.with(level, schema, "watch");
        watchers = metrics.watchers.with(level, schema);
        seats = metrics.seats.with(level, schema);
        queueLength = metrics.queueLength.with(level, schema);
    }

    String level() {
        return level;
    }

    String schema() {
        return schema;
    }

    Counter refused(Refusal why) {
        return Objects.requireNonNull(refused.get(why));
    }
}
