package dev.kite.apiserver.aggregation;

import dev.kite.apiserver.discovery.Catalog;
import dev.kite.apiserver.registry.GroupOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What this server and those behind it serve, in the order that their APIServices ask for. Thread-safe. */
final class AggregatedCatalog implements Catalog {
    private record State(long revision, List<Group> groups) {}

    private record Ranked(Version version, Priorities.Priority priority) {}

    private final Catalog local;
    private final ApiServices services;
    private final RemoteDiscovery remote;
    private volatile @Nullable State state;

    AggregatedCatalog(Catalog local, ApiServices services, RemoteDiscovery remote) {
        this.local = local;
        this.services = services;
        this.remote = remote;
    }

    /** A sum of numbers that grow: it changes with each of them. */
    @Override
    public long revision() {
        return local.revision() + services.revision() + remote.revision();
    }

    @Override
    public List<Group> groups() {
        long revision = revision();
        State known = state;
        if (known == null || known.revision() != revision) {
            known = new State(revision, build());
            state = known;
        }
        return known.groups();
    }

    private List<Group> build() {
        Map<String, List<Ranked>> all = new HashMap<>();
        Map<String, ApiService> others = services.remote();
        for (Group group : local.groups()) {
            for (Version version : group.versions()) {
                if (!others.containsKey("/apis/" + group.name() + "/" + version.name())) {
                    add(all, group.name(), version);
                }
            }
        }
        for (ApiService other : others.values()) {
            add(all, other.group(), remote.of(other));
        }
        List<Map.Entry<String, List<Ranked>>> sorted = new ArrayList<>(all.entrySet());
        sorted.sort(Comparator.comparingLong((Map.Entry<String, List<Ranked>> entry) -> -highest(entry.getValue()))
                .thenComparing(Map.Entry::getKey));
        return sorted.stream()
                .map(entry -> new Group(entry.getKey(), versions(entry.getValue())))
                .toList();
    }

    private void add(Map<String, List<Ranked>> all, String group, Version version) {
        all.computeIfAbsent(group, _ -> new ArrayList<>())
                .add(new Ranked(version, Priorities.of(services, group, version)));
    }

    private static long highest(List<Ranked> versions) {
        return versions.stream().mapToLong(one -> one.priority().group()).max().orElse(0);
    }

    private static List<Version> versions(List<Ranked> versions) {
        return versions.stream()
                .sorted(Comparator.comparingLong((Ranked one) -> -one.priority().version())
                        .thenComparing(one -> one.version().name(), GroupOrder.VERSIONS))
                .map(Ranked::version)
                .toList();
    }
}
