package dev.kite.controllers.deployment;

import dev.kite.model.apps.v1.Deployment;
import dev.kite.model.apps.v1.ReplicaSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How large each of a Deployment's ReplicaSets shall be. Pure; the rules are upstream's rolling update and proportional scaling. */
final class Sizes {
    private Sizes() {}

    static int desired(Collection<ReplicaSet> sets) {
        return sets.stream().mapToInt(set -> set.spec().replicas()).sum();
    }

    static int actual(Collection<ReplicaSet> sets) {
        return sets.stream().mapToInt(set -> set.status().replicas()).sum();
    }

    static int available(Collection<ReplicaSet> sets) {
        return sets.stream().mapToInt(set -> set.status().availableReplicas()).sum();
    }

    /** Available pods that no ReplicaSet is about to delete: right after a step its status still counts those that go. */
    private static int staying(Collection<ReplicaSet> sets) {
        return sets.stream()
                .mapToInt(set ->
                        Math.min(set.status().availableReplicas(), set.spec().replicas()))
                .sum();
    }

    static List<ReplicaSet> active(Collection<ReplicaSet> sets) {
        return sets.stream().filter(set -> set.spec().replicas() > 0).toList();
    }

    static List<ReplicaSet> all(@Nullable ReplicaSet current, Collection<ReplicaSet> old) {
        List<ReplicaSet> all = new ArrayList<>(old);
        if (current != null) {
            all.add(current);
        }
        return all;
    }

    /**
     * The new ReplicaSet's size: as large as the surge allows.
     *
     * @param deployment the Deployment
     * @param current the new ReplicaSet's present size
     * @param all all ReplicaSets, the new one included where it exists
     * @return its size
     */
    static int ofNew(Deployment deployment, int current, Collection<ReplicaSet> all) {
        Strategy strategy = Strategy.of(deployment);
        int wanted = deployment.spec().replicas();
        if (!strategy.rolling()) {
            return wanted;
        }
        int room = wanted + strategy.maxSurge() - desired(all);
        return room <= 0 ? current : current + Math.min(room, wanted - current);
    }

    /**
     * One step of a rolling update for the new ReplicaSet.
     *
     * @param deployment the Deployment
     * @param current the new ReplicaSet
     * @param old the old ones
     * @return its size
     */
    static int rollNew(Deployment deployment, ReplicaSet current, Collection<ReplicaSet> old) {
        int wanted = deployment.spec().replicas();
        int present = current.spec().replicas();
        return present >= wanted ? wanted : ofNew(deployment, present, all(current, old));
    }

    /**
     * One step of a rolling update for the old ReplicaSets: first pods that are not available go, then as many as availability allows.
     *
     * @param deployment the Deployment
     * @param current the new ReplicaSet
     * @param old the old ones
     * @return new sizes by ReplicaSet name, only of those that change
     */
    static Map<String, Integer> rollOld(Deployment deployment, ReplicaSet current, Collection<ReplicaSet> old) {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        List<ReplicaSet> oldest = old.stream().sorted(Revisions.OLDEST_FIRST).toList();
        if (desired(old) == 0) {
            return sizes;
        }
        int minimum = deployment.spec().replicas() - Strategy.of(deployment).maxUnavailable();
        int newUnavailable = current.spec().replicas() - current.status().availableReplicas();
        int most = desired(all(current, old)) - minimum - newUnavailable;
        if (most <= 0) {
            return sizes;
        }
        int removed = 0;
        for (ReplicaSet set : oldest) {
            int unhealthy = set.spec().replicas() - set.status().availableReplicas();
            int count = Math.min(most - removed, unhealthy);
            if (set.spec().replicas() > 0 && count > 0) {
                sizes.put(set.metadata().name(), set.spec().replicas() - count);
                removed += count;
            }
        }
        int surplus = staying(all(current, old)) - minimum;
        for (ReplicaSet set : oldest) {
            int present = sizes.getOrDefault(set.metadata().name(), set.spec().replicas());
            int count = Math.min(present, surplus);
            if (count > 0) {
                sizes.put(set.metadata().name(), present - count);
                surplus -= count;
            }
        }
        return sizes;
    }

    /**
     * Scales all ReplicaSets when the Deployment's size changes or it is paused: a single active one gets the size, several share the difference in proportion.
     *
     * @param deployment the Deployment
     * @param current the new ReplicaSet, or null
     * @param old the old ones
     * @return new sizes by ReplicaSet name; those that keep their size still get their annotations
     */
    static Map<String, Integer> scale(Deployment deployment, @Nullable ReplicaSet current, Collection<ReplicaSet> old) {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        int wanted = deployment.spec().replicas();
        ReplicaSet single = activeOrLatest(current, old);
        if (single != null) {
            sizes.put(single.metadata().name(), wanted);
            return sizes;
        }
        if (saturated(deployment, current)) {
            active(old).forEach(set -> sizes.put(set.metadata().name(), 0));
            return sizes;
        }
        if (Strategy.of(deployment).rolling()) {
            proportional(deployment, active(all(current, old)), sizes);
        }
        return sizes;
    }

    private static @Nullable ReplicaSet activeOrLatest(@Nullable ReplicaSet current, Collection<ReplicaSet> old) {
        List<ReplicaSet> active = active(all(current, old));
        if (active.size() == 1) {
            return active.getFirst();
        }
        if (!active.isEmpty()) {
            return null;
        }
        return current != null
                ? current
                : old.stream().max(Revisions.OLDEST_FIRST).orElse(null);
    }

    private static boolean saturated(Deployment deployment, @Nullable ReplicaSet current) {
        if (current == null) {
            return false;
        }
        int wanted = deployment.spec().replicas();
        return current.spec().replicas() == wanted
                && Revisions.number(current.metadata().annotations().get(Revisions.DESIRED)) == wanted
                && current.status().availableReplicas() == wanted;
    }

    private static void proportional(Deployment deployment, List<ReplicaSet> active, Map<String, Integer> sizes) {
        int wanted = deployment.spec().replicas();
        int allowed = wanted > 0 ? wanted + Strategy.of(deployment).maxSurge() : 0;
        int toAdd = allowed - desired(active);
        Comparator<ReplicaSet> bySize =
                Comparator.comparingInt((ReplicaSet set) -> -set.spec().replicas());
        // Where many are equal, growth goes to the newest and shrinking takes from the oldest.
        List<ReplicaSet> ordered = active.stream()
                .sorted(bySize.thenComparing(toAdd > 0 ? Revisions.OLDEST_FIRST.reversed() : Revisions.OLDEST_FIRST))
                .toList();
        int added = 0;
        for (ReplicaSet set : ordered) {
            int share = toAdd == 0 ? 0 : share(deployment, set, toAdd, added);
            sizes.put(set.metadata().name(), set.spec().replicas() + share);
            added += share;
        }
        if (toAdd != 0 && !ordered.isEmpty()) {
            String largest = ordered.getFirst().metadata().name();
            int left = toAdd - added;
            sizes.compute(largest, (_, size) -> Math.max(0, (size == null ? 0 : size) + left));
        }
    }

    private static int share(Deployment deployment, ReplicaSet set, int toAdd, int added) {
        if (set.spec().replicas() == 0 || toAdd == added) {
            return 0;
        }
        int fraction = fraction(deployment, set);
        int left = toAdd - added;
        return toAdd > 0 ? Math.min(fraction, left) : Math.max(fraction, left);
    }

    private static int fraction(Deployment deployment, ReplicaSet set) {
        int wanted = deployment.spec().replicas();
        int present = set.spec().replicas();
        if (wanted == 0) {
            return -present;
        }
        long before = Revisions.number(set.metadata().annotations().get(Revisions.MAX));
        if (before <= 0) {
            before = deployment.status().replicas();
        }
        if (before <= 0) {
            return 0;
        }
        double size = (double) present * (wanted + Strategy.of(deployment).maxSurge()) / before;
        return (int) Math.round(size) - present;
    }
}
