package dev.kite.apiserver.flowcontrol;

import dev.kite.api.metrics.Counter;
import dev.kite.api.metrics.Gauge;
import dev.kite.api.metrics.Histogram;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is counted of one FlowSchema's requests at one priority level: its series, each found once and there from its first use on, as upstream's. Thread-safe, without a lock. */
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

    /** A series that is looked for when it is first used; a second look finds the same. */
    private static final class Series<T> implements Supplier<T> {
        private final Supplier<T> find;
        private volatile @Nullable T found;

        Series(Supplier<T> find) {
            this.find = find;
        }

        @Override
        public T get() {
            T there = found;
            if (there == null) {
                there = find.get();
                found = there;
            }
            return there;
        }
    }

    private final String level;
    private final String schema;
    private final Map<Refusal, Series<Counter>> refused = new EnumMap<>(Refusal.class);
    private final Series<Counter> dispatched;
    private final Series<Gauge> waiting;
    private final Series<Gauge> waitingSeats;
    private final Series<Gauge> executing;
    private final Series<Gauge> executingSeats;
    private final Series<Counter> noRoom;
    private final Series<Histogram> waited;
    private final Series<Histogram> refusedAtOnce;
    private final Series<Histogram> regular;
    private final Series<Histogram> watches;
    private final Series<Histogram> watchers;
    private final Series<Histogram> seats;
    private final Series<Histogram> queueLength;

    FlowStats(FlowMetrics metrics, String level, String schema) {
        this.level = level;
        this.schema = schema;
        for (Refusal refusal : Refusal.values()) {
            refused.put(refusal, new Series<>(() -> metrics.rejected.with(level, schema, refusal.label)));
        }
        dispatched = new Series<>(() -> metrics.dispatched.with(level, schema));
        waiting = new Series<>(() -> metrics.waiting.with(level, schema));
        waitingSeats = new Series<>(() -> metrics.waitingSeats.with(level, schema));
        executing = new Series<>(() -> metrics.executing.with(level, schema));
        executingSeats = new Series<>(() -> metrics.executingSeats.with(level, schema));
        noRoom = new Series<>(() -> metrics.noRoom.with(level, schema));
        waited = new Series<>(() -> metrics.waited.with(level, schema, "true"));
        refusedAtOnce = new Series<>(() -> metrics.waited.with(level, schema, "false"));
        regular = new Series<>(() -> metrics.executed.with(level, schema, "regular"));
        watches = new Series<>(() -> metrics.executed.with(level, schema, "watch"));
        watchers = new Series<>(() -> metrics.watchers.with(level, schema));
        seats = new Series<>(() -> metrics.seats.with(level, schema));
        queueLength = new Series<>(() -> metrics.queueLength.with(level, schema));
    }

    String level() {
        return level;
    }

    String schema() {
        return schema;
    }

    Counter refused(Refusal why) {
        return Objects.requireNonNull(refused.get(why)).get();
    }

    Counter dispatched() {
        return dispatched.get();
    }

    Gauge waiting() {
        return waiting.get();
    }

    Gauge waitingSeats() {
        return waitingSeats.get();
    }

    Gauge executing() {
        return executing.get();
    }

    Gauge executingSeats() {
        return executingSeats.get();
    }

    Counter noRoom() {
        return noRoom.get();
    }

    /** Until a seat was had, or was no longer waited for. */
    Histogram waited() {
        return waited.get();
    }

    Histogram refusedAtOnce() {
        return refusedAtOnce.get();
    }

    Histogram regular() {
        return regular.get();
    }

    Histogram watches() {
        return watches.get();
    }

    Histogram watchers() {
        return watchers.get();
    }

    Histogram seats() {
        return seats.get();
    }

    Histogram queueLength() {
        return queueLength.get();
    }
}
