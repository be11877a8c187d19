package dev.kite.apiserver.flowcontrol;

import dev.kite.api.http.HttpExchange;
import dev.kite.apiserver.request.ApiRoute;
import dev.kite.security.RequestInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Upstream's pages of what flow control is doing, for people: below /debug/api_priority_and_fairness/. Thread-safe. */
final class Dumps implements ApiRoute.Document {
    private static final String ROOT = "/debug/api_priority_and_fairness/dump_";

    /** Idle queues are shown as upstream shows them, unless a level has more of them than anybody would read. */
    private static final int MOST_IDLE = 1024;

    private final Supplier<@Nullable FlowControl> control;
    private final Supplier<Collection<TimedExchange>> running;

    Dumps(Supplier<@Nullable FlowControl> control, Supplier<Collection<TimedExchange>> running) {
        this.control = control;
        this.running = running;
    }

    @Override
    public boolean serve(HttpExchange exchange) throws IOException {
        String path = exchange.path();
        FlowControl flows = path.startsWith(ROOT) ? control.get() : null;
        if (flows == null) {
            return false;
        }
        List<String[]> rows = switch (path.substring(ROOT.length())) {
            case "priority_levels" -> levels(flows);
            case "queues" -> queues(flows);
            case "requests" ->
                requests(
                        flows,
                        !exchange.query().first("includeRequestDetails", "").isEmpty());
            default -> null;
        };
        if (rows == null) {
            return false;
        }
        exchange.respond(200, "text/plain; charset=utf-8", columns(rows).getBytes(StandardCharsets.UTF_8));
        return true;
    }

    private static List<String[]> levels(FlowControl flows) {
        List<String[]> rows = new ArrayList<>();
        rows.add(row(
                "PriorityLevelName",
                "ActiveQueues",
                "IsIdle",
                "IsQuiescing",
                "WaitingRequests",
                "ExecutingRequests",
                "DispatchedRequests",
                "RejectedRequests",
                "TimedoutRequests",
                "CancelledRequests"));
        for (LevelShare share : flows.levels()) {
            Level level = share.level();
            Occupancy now = level.occupancy();
            long active = level.queues().picture().stream()
                    .filter(queue -> !queue.waiting().isEmpty())
                    .count();
            rows.add(row(
                    level.name(),
                    active,
                    now.idle(),
                    level.quiescing(),
                    now.waiting(),
                    now.executing(),
                    level.dispatched(),
                    level.refused(),
                    0,
                    level.cancelled()));
        }
        return rows;
    }

    private static List<String[]> queues(FlowControl flows) {
        List<String[]> rows = new ArrayList<>();
        rows.add(row(
                "PriorityLevelName",
                "Index",
                "PendingRequests",
                "ExecutingRequests",
                "SeatsInUse",
                "NextDispatchR",
                "InitialSeatsSum",
                "MaxSeatsSum",
                "TotalWorkSum"));
        for (LevelShare share : flows.levels()) {
            Level level = share.level();
            int index = 0;
            for (FairQueues.Picture queue : level.queues().picture()) {
                idle(rows, level, index, queue.index());
                index = queue.index() + 1;
                rows.add(row(
                        level.name(),
                        queue.index(),
                        queue.waiting().size(),
                        queue.executing(),
                        queue.seats(),
                        seatSeconds(queue.next()),
                        queue.waitingInitial(),
                        queue.waitingSeats(),
                        seatSeconds(queue.waitingWork())));
            }
            LevelSpec.Queuing queuing = level.spec().queuing();
            idle(rows, level, index, queuing == null ? 0 : queuing.queues());
        }
        return rows;
    }

    private static void idle(List<String[]> rows, Level level, int from, int to) {
        for (int index = from; index < to && index < MOST_IDLE; index++) {
            rows.add(row(level.name(), index, 0, 0, 0, seatSeconds(0), 0, 0, seatSeconds(0)));
        }
    }

    private List<String[]> requests(FlowControl flows, boolean details) {
        List<String[]> rows = new ArrayList<>();
        String[] head = row(
                "PriorityLevelName",
                "FlowSchemaName",
                "QueueIndex",
                "RequestIndexInQueue",
                "FlowDistingsher",
                "ArriveTime",
                "InitialSeats",
                "FinalSeats",
                "AdditionalLatency",
                "StartTime");
        String[] more =
                row("UserName", "Verb", "APIPath", "Namespace", "Name", "APIVersion", "Resource", "SubResource");
        rows.add(details ? joined(head, more) : head);
        long now = System.nanoTime();
        Instant time = Instant.now();
        for (LevelShare share : flows.levels()) {
            for (FairQueues.Picture queue : share.level().queues().picture()) {
                int index = 0;
                for (Seat seat : queue.waiting()) {
                    rows.add(request(queue.index(), index++, seat, now, time, details));
                }
            }
        }
        for (TimedExchange one : running.get()) {
            Seat seat = one.seat();
            if (seat != null) {
                rows.add(request(-1, -1, seat, now, time, details));
            }
        }
        return rows;
    }

    private static String[] request(int queue, int index, Seat seat, long now, Instant time, boolean details) {
        Work work = seat.work();
        String[] row = row(
                seat.stats().level(),
                seat.stats().schema(),
                queue,
                index,
                seat.flow(),
                time.minusNanos(now - seat.arrived()),
                work.initial(),
                work.last(),
                work.lastNanos() == 0 ? "0s" : TimeUnit.NANOSECONDS.toMillis(work.lastNanos()) + "ms",
                index < 0 ? time.minusNanos(now - seat.started()) : "0001-01-01T00:00:00Z");
        RequestInfo info = seat.info();
        String version = info.apiGroup().isEmpty() ? info.apiVersion() : info.apiGroup() + "/" + info.apiVersion();
        return details
                ? joined(
                        row,
                        row(
                                seat.user().name(),
                                info.verb(),
                                info.path(),
                                info.namespace(),
                                info.name(),
                                version,
                                info.resource(),
                                info.subresource()))
                : row;
    }

    private static String seatSeconds(long units) {
        long whole = (long) Work.UNITS;
        return "%d.%08dss".formatted(Long.divideUnsigned(units, whole), Long.remainderUnsigned(units, whole));
    }

    private static String[] row(Object... cells) {
        return Arrays.stream(cells).map(String::valueOf).toArray(String[]::new);
    }

    private static String[] joined(String[] one, String[] other) {
        String[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    /** Cells end with a comma and are as wide as the widest of their column, at least eight with the space behind them; the last is as it is. */
    private static String columns(List<String[]> rows) {
        int[] widths = new int[rows.getFirst().length];
        Arrays.fill(widths, 8);
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length() + 2);
            }
        }
        StringBuilder out = new StringBuilder();
        for (String[] row : rows) {
            for (int i = 0; i < row.length - 1; i++) {
                out.append(row[i]).append(',').repeat(' ', widths[i] - row[i].length() - 1);
            }
            out.append(row[row.length - 1]).append('\n');
        }
        return out.toString();
    }
}
