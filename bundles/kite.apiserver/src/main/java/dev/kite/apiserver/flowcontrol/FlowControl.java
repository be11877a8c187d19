package dev.kite.apiserver.flowcontrol;

import dev.kite.api.security.UserInfo;
import dev.kite.security.RequestInfo;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The configuration of the moment: which requests belong to which priority level, and how many seats each has. Requests read it without a lock. Thread-safe.
 */
final class FlowControl {
    /** Requests' flows are told apart by a hash that nobody outside knows: whose queues collide can't be chosen. */
    private final long seed = new SecureRandom().nextLong();

    private final int seats;
    private final LongSupplier clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, LevelShare> levels = new TreeMap<>();
    private final Map<String, Map<String, FlowStats>> stats = new ConcurrentHashMap<>();
    private final Map<String, RetryAfter> retries = new ConcurrentHashMap<>();
    private volatile List<Route> routes = List.of();
    private volatile List<LevelShare> shares = List.of();
    private volatile double fairFraction;
    private final FlowMetrics metrics = new FlowMetrics(this::levels, this::fairFraction);

    /**
     * A schema and where it leads.
     *
     * @param schema the schema
     * @param level its level
     * @param stats counts its requests
     */
    record Route(FlowSchema schema, Level level, FlowStats stats) {}

    /**
     * With the mandatory objects alone.
     *
     * @param seats the server's seats
     * @param clock nanoseconds
     */
    FlowControl(int seats, LongSupplier clock) {
        this.seats = seats;
        this.clock = clock;
        configure(List.of(), List.of());
    }

    /**
     * Takes a configuration up, at once. What is mandatory is there, whether it is given or not.
     *
     * @param specs the levels, of different names
     * @param schemas the schemas; those whose level isn't there are passed over
     */
    void configure(Collection<LevelSpec> specs, Collection<FlowSchema> schemas) {
        lock.lock();
        try {
            Map<String, LevelSpec> wanted = new HashMap<>();
            specs.forEach(spec -> wanted.put(spec.name(), spec));
            mandatory(wanted, Suggested.exemptLevel());
            mandatory(wanted, Suggested.catchAllLevel());
            levels.values()
                    .removeIf(share -> !wanted.containsKey(share.level().name())
                            && share.level().occupancy().idle());
            levels.values().stream()
                    .map(LevelShare::level)
                    .filter(level -> !wanted.containsKey(level.name()))
                    .forEach(Level::quiesce);
            wanted.values().forEach(this::level);
            route(schemas, wanted);
            Shares.divide(seats, levels.values());
            share();
        } finally {
            lock.unlock();
        }
    }

    private static void mandatory(
            Map<String, LevelSpec> wanted, com.fasterxml.jackson.databind.node.ObjectNode object) {
        LevelSpec spec = LevelSpec.of(object);
        if (spec != null) {
            wanted.putIfAbsent(spec.name(), spec);
        }
    }

    private void level(LevelSpec spec) {
        LevelShare there = levels.get(spec.name());
        if (there == null) {
            levels.put(spec.name(), new LevelShare(new Level(spec, clock)));
        } else {
            there.level().configure(spec);
        }
    }

    private void route(Collection<FlowSchema> schemas, Map<String, LevelSpec> wanted) {
        List<FlowSchema> ordered = new ArrayList<>(schemas.stream()
                .filter(schema -> wanted.containsKey(schema.level()))
                .sorted(FlowSchema.ORDER)
                .toList());
        if (ordered.stream().noneMatch(schema -> schema.name().equals(FlowSchema.EXEMPT))) {
            ordered.addFirst(FlowSchema.of(Suggested.exemptSchema()));
        }
        if (ordered.stream().noneMatch(schema -> schema.name().equals(FlowSchema.CATCH_ALL))) {
            ordered.add(FlowSchema.of(Suggested.catchAllSchema()));
        }
        Map<String, Map<String, FlowStats>> used = new HashMap<>();
        List<Route> next = new ArrayList<>();
        for (FlowSchema schema : ordered) {
            FlowStats counts = stats.computeIfAbsent(schema.level(), _ -> new ConcurrentHashMap<>())
                    .computeIfAbsent(schema.name(), name -> new FlowStats(metrics, schema.level(), name));
            used.computeIfAbsent(schema.level(), _ -> new HashMap<>()).put(schema.name(), counts);
            LevelShare share = levels.get(schema.level());
            if (share != null) {
                next.add(new Route(schema, share.level(), counts));
            }
        }
        // What is configured no more is not counted any longer: names must not pile up.
        stats.keySet().retainAll(used.keySet());
        stats.forEach((level, bySchema) ->
                bySchema.keySet().retainAll(used.getOrDefault(level, Map.of()).keySet()));
        retries.keySet().retainAll(levels.keySet());
        routes = List.copyOf(next);
    }

    /** Divides the seats anew by what was demanded; to be called every ten seconds. */
    void rebalance() {
        lock.lock();
        try {
            levels.values()
                    .removeIf(share -> share.level().quiescing()
                            && share.level().occupancy().idle());
            Shares.divide(seats, levels.values());
            share();
        } finally {
            lock.unlock();
        }
    }

    private void share() {
        fairFraction = Shares.lend(levels.values());
        shares = List.copyOf(levels.values());
    }

    /** Where a request belongs. Allocates nothing. */
    Route route(UserInfo user, RequestInfo info) {
        List<Route> all = routes;
        for (int i = 0; i < all.size(); i++) {
            Route route = all.get(i);
            if (route.schema().matches(user, info)) {
                return route;
            }
        }
        // Users are in one of the two groups of catch-all; one who is in neither is served by it all the same.
        for (int i = all.size() - 1; ; i--) {
            if (all.get(i).schema().name().equals(FlowSchema.CATCH_ALL)) {
                return all.get(i);
            }
        }
    }

    /** Tells flows apart. */
    long hash(FlowSchema schema, String flow) {
        long hash = mix(seed, schema.name());
        hash = mix((hash ^ '\0') * 0x100000001b3L, flow);
        // MurmurHash3's last step: each bit depends on all.
        hash ^= hash >>> 33;
        hash *= 0xff51afd7ed558ccdL;
        hash ^= hash >>> 33;
        hash *= 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }

    private static long mix(long hash, String text) {
        long mixed = hash;
        for (int i = 0; i < text.length(); i++) {
            mixed = (mixed ^ text.charAt(i)) * 0x100000001b3L;
        }
        return mixed;
    }

    /** How long a refused client is asked to wait, in seconds; the refusal is counted. */
    long retryAfter(Level level) {
        return retries.computeIfAbsent(
                        level.name(), _ -> new RetryAfter(() -> TimeUnit.NANOSECONDS.toSeconds(clock.getAsLong())))
                .refused();
    }

    /** The most seats that one request of a level may be thought to need, at most {@code otherwise}. */
    int widest(Level level, int otherwise) {
        LevelSpec.Queuing queuing = level.spec().queuing();
        if (queuing == null) {
            return otherwise;
        }
        for (LevelShare share : shares) {
            if (share.level() == level) {
                int part = (int) Math.ceil(share.nominal() * 0.15);
                int ofHand = share.nominal() / queuing.handSize();
                return Math.clamp(Math.min(part, ofHand), 1, otherwise);
            }
        }
        return otherwise;
    }

    /** The levels by name, those that are ending among them. */
    List<LevelShare> levels() {
        return shares;
    }

    /** What is counted. */
    FlowMetrics metrics() {
        return metrics;
    }

    double fairFraction() {
        return fairFraction;
    }
}
