package dev.kite.apiserver.flowcontrol;

import dev.kite.api.http.QueryParameters;
import dev.kite.apiserver.flowcontrol.ObjectCounts.Counted;
import dev.kite.security.RequestInfo;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How many seats a request needs, by Kubernetes 1.36's rules: lists by what they bring into memory, watches likewise if they begin with what is there, writes by
 * who watches what they write. Thread-safe.
 */
final class WorkEstimator {
    static final int WIDEST_LIST = 100;
    static final int WIDEST_WRITE = 10;
    private static final long BYTES_A_SEAT = 100_000;

    /** Lists from memory are streamed: they never take more at once. */
    private static final long STREAMED = 1_000_000;

    /** The most that an object has: what is thought of those whose size isn't known. */
    private static final long LARGEST = 1_500_000;

    private static final int WATCHES_A_SEAT = 10;
    private static final long EVENT_NANOS = 5_000_000;

    private final Function<RequestInfo, @Nullable Counted> counts;
    private final WatchCounts watches;

    WorkEstimator(Function<RequestInfo, @Nullable Counted> counts, WatchCounts watches) {
        this.counts = counts;
        this.watches = watches;
    }

    /** Tells the most seats that a request of the level may need, up to a bound. */
    @FunctionalInterface
    interface Widest {
        /** At most so many. */
        int of(int otherwise);
    }

    Work estimate(RequestInfo info, QueryParameters query, FlowStats stats, Widest widest) {
        return switch (info.verb()) {
            case "list" -> list(info, query, widest);
            case "watch" -> begins(query) ? list(info, query, widest) : Work.ONE;
            case "create", "update", "patch", "delete" -> write(info, stats, widest);
            default -> Work.ONE;
        };
    }

    /** Whether a watch sends what is there. */
    private static boolean begins(QueryParameters query) {
        String version = query.first("resourceVersion", "");
        return query.flag("sendInitialEvents") || version.isEmpty() || version.equals("0");
    }

    private Work list(RequestInfo info, QueryParameters query, Widest widest) {
        Counted counted = counts.apply(info);
        if (counted == null) {
            return Work.ONE;
        }
        boolean memory = info.verb().equals("watch") || fromMemory(query);
        long limit = limit(query);
        long few = limit > 0 ? Math.min(limit, counted.objects()) : counted.objects();
        boolean selected =
                !info.fieldSelector().isEmpty() || !info.labelSelector().isEmpty();
        long objects = !info.name().isEmpty() ? 1 : !memory && selected ? Math.max(few, counted.objects() / 2) : few;
        long size = counted.bytes() <= 0 && counted.objects() != 0 ? LARGEST : counted.bytes();
        long bytes = memory ? Math.min(objects * size, STREAMED) : objects * size;
        long seats = Math.ceilDiv(bytes, BYTES_A_SEAT);
        return seats <= 1 ? Work.ONE : new Work((int) Math.min(seats, widest.of(WIDEST_LIST)), 0, 0);
    }

    /** Whether upstream would serve it from its cache: its old revisions and further pages it reads from etcd. */
    private static boolean fromMemory(QueryParameters query) {
        String version = query.first("resourceVersion", "");
        return switch (query.first("resourceVersionMatch", "")) {
            case "NotOlderThan" -> true;
            case "" ->
                query.first("continue", "").isEmpty()
                        && (limit(query) <= 0 || version.isEmpty() || version.equals("0"));
            default -> false;
        };
    }

    private static long limit(QueryParameters query) {
        String text = query.first("limit", "");
        if (text.isEmpty() || text.length() > 18) {
            return 0;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return 0;
            }
        }
        return Long.parseLong(text);
    }

    private Work write(RequestInfo info, FlowStats stats, Widest widest) {
        if (info.resource().equals("serviceaccounts") && info.subresource().equals("token")) {
            return Work.ONE;
        }
        int seen = watches.interested(info);
        stats.watchers().record(seen);
        if (seen < WATCHES_A_SEAT) {
            return Work.ONE;
        }
        int seats = Math.ceilDiv(seen, WATCHES_A_SEAT);
        return new Work(1, seats, EVENT_NANOS).within(widest.of(WIDEST_WRITE));
    }
}
