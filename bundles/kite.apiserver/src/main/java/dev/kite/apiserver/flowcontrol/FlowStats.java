package dev.kite.apiserver.flowcontrol;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What was counted of one FlowSchema's requests at one priority level. Thread-safe, without a lock. */
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

        String label() {
            return label;
        }
    }

    private static final double[] SECONDS = {0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30};

    private final String level;
    private final String schema;
    private final Map<Refusal, LongAdder> refused = new EnumMap<>(Refusal.class);
    final LongAdder dispatched = new LongAdder();
    final LongAdder waiting = new LongAdder();
    final LongAdder waitingSeats = new LongAdder();
    final LongAdder executing = new LongAdder();
    final LongAdder executingSeats = new LongAdder();
    final LongAdder noRoom = new LongAdder();
    final Histogram waited = new Histogram(SECONDS);
    final Histogram waitedInVain = new Histogram(SECONDS);
    final Histogram regular = new Histogram(SECONDS);
    final Histogram watches = new Histogram(SECONDS);
    final Histogram watchers = new Histogram(0, 1, 10, 100, 1000, 10_000);
    final Histogram seats = new Histogram(1, 2, 4, 8, 16, 32, 64, 100);
    final Histogram queueLength = new Histogram(0, 10, 25, 50, 100, 250, 500, 1000);

    FlowStats(String level, String schema) {
        this.level = level;
        this.schema = schema;
        for (Refusal refusal : Refusal.values()) {
            refused.put(refusal, new LongAdder());
        }
    }

    String level() {
        return level;
    }

    String schema() {
        return schema;
    }

    LongAdder refused(Refusal why) {
        return java.util.Objects.requireNonNull(refused.get(why));
    }
}
