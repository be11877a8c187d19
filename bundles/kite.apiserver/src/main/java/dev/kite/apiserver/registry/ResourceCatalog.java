package dev.kite.apiserver.registry;

import dev.kite.apiserver.discovery.Catalog;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * All resources that are served at this moment: the built-in ones, and those that definitions and bundles add and take away. Thread-safe; readers see whole
 * states.
 */
public final class ResourceCatalog implements Catalog {
    private record Key(String group, String version, String plural) {}

    private record State(long revision, Map<Key, ApiResource> resources, List<Group> groups) {}

    private final Map<String, List<ApiResource>> sources = new LinkedHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile State state;

    /**
     * A catalog of built-in resources.
     *
     * @param builtIn the resources
     */
    public ResourceCatalog(List<ApiResource> builtIn) {
        sources.put("", List.copyOf(builtIn));
        state = build(1);
    }

    /**
     * Adds or replaces what a source contributes.
     *
     * @param source its name, not empty
     * @param resources its resources; none takes the source away
     */
    public void set(String source, List<ApiResource> resources) {
        synchronized (sources) {
            List<ApiResource> copy = List.copyOf(resources);
            List<ApiResource> before = copy.isEmpty() ? sources.remove(source) : sources.put(source, copy);
            if (copy.equals(before == null ? List.of() : before)) {
                return;
            }
            state = build(state.revision() + 1);
        }
        listeners.forEach(Runnable::run);
    }

    /**
     * Tells of changes.
     *
     * @param listener called after each change, on the thread that made it; must not block
     */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /**
     * Finds a resource.
     *
     * @param group the API group, empty for core
     * @param version the version
     * @param plural the resource
     * @return the resource, or null
     */
    public @Nullable ApiResource find(String group, String version, String plural) {
        return state.resources().get(new Key(group, version, plural));
    }

    /**
     * Finds a resource that is always there.
     *
     * @param group the API group, empty for core
     * @param version the version
     * @param plural the resource
     * @return the resource
     * @throws IllegalStateException if it isn't
     */
    public ApiResource require(String group, String version, String plural) {
        ApiResource found = find(group, version, plural);
        if (found == null) {
            throw new IllegalStateException("no resource " + plural + " in " + group + "/" + version);
        }
        return found;
    }

    /**
     * Finds a kind.
     *
     * @param group the API group, empty for core
     * @param version the version
     * @param kind the kind
     * @return its resource, or null
     */
    public @Nullable ApiResource ofKind(String group, String version, String kind) {
        for (ApiResource resource : state.resources().values()) {
            if (resource.kind().equals(kind)
                    && resource.group().equals(group)
                    && resource.version().equals(version)) {
                return resource;
            }
        }
        return null;
    }

    /**
     * Finds a resource in any version, the preferred one first.
     *
     * @param group the API group, empty for core
     * @param plural the resource
     * @return the resource, or null
     */
    public @Nullable ApiResource any(String group, String plural) {
        for (Group one : groups()) {
            if (one.name().equals(group)) {
                for (Version version : one.versions()) {
                    ApiResource found = find(group, version.name(), plural);
                    if (found != null) {
                        return found;
                    }
                }
            }
        }
        return null;
    }

    /** @return all resources in all versions, in no order */
    public Collection<ApiResource> all() {
        return state.resources().values();
    }

    @Override
    public long revision() {
        return state.revision();
    }

    @Override
    public List<Group> groups() {
        return state.groups();
    }

    private State build(long revision) {
        Map<Key, ApiResource> all = new HashMap<>();
        for (List<ApiResource> source : sources.values()) {
            for (ApiResource resource : source) {
                all.putIfAbsent(new Key(resource.group(), resource.version(), resource.plural()), resource);
            }
        }
        return new State(revision, Map.copyOf(all), groups(all.values()));
    }

    private static List<Group> groups(Iterable<ApiResource> resources) {
        Map<String, Map<String, List<ApiResource>>> byGroup = new TreeMap<>(GroupOrder.GROUPS);
        for (ApiResource resource : resources) {
            byGroup.computeIfAbsent(resource.group(), _ -> new TreeMap<>(GroupOrder.VERSIONS))
                    .computeIfAbsent(resource.version(), _ -> new ArrayList<>())
                    .add(resource);
        }
        List<Group> groups = new ArrayList<>();
        byGroup.forEach((name, versions) -> {
            List<Version> served = new ArrayList<>();
            versions.forEach((version, list) -> {
                list.sort(Comparator.comparing(ApiResource::plural));
                served.add(new Version(
                        version, true, list.stream().map(ResourceCatalog::entry).toList()));
            });
            groups.add(new Group(name, served));
        });
        return List.copyOf(groups);
    }

    private static Catalog.Resource entry(ApiResource resource) {
        List<Subresource> below = resource.subresources().values().stream()
                .sorted(Comparator.comparing(ApiResource.Subresource::name))
                .map(sub -> new Subresource(sub.name(), sub.group(), sub.version(), sub.kind(), sorted(sub.verbs())))
                .toList();
        boolean kept = resource.verbs().contains("list");
        ApiResource.Stored stored = resource.stored();
        return new Catalog.Resource(
                resource.plural(),
                resource.singular(),
                resource.kind(),
                resource.namespaced(),
                sorted(resource.verbs()),
                resource.shortNames(),
                resource.categories(),
                kept ? stored.group() + "/" + stored.version() + "/" + stored.kind() : "",
                below);
    }

    private static List<String> sorted(List<String> verbs) {
        return verbs.stream().sorted().toList();
    }
}
