package dev.kite.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.client.Discovery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Aggregated discovery (apidiscovery.k8s.io/v2): two requests for all that is served. Thread-safe. */
final class RestDiscovery implements Discovery {
    private static final String ACCEPT = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    private static final Duration FRESH = Duration.ofSeconds(10);

    private record Found(List<Resource> all, List<Resource> preferred, List<String> stale, long at) {}

    private final Rest rest;
    private final LongSupplier nanoClock;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Found found;

    /**
     * Asks when it is asked.
     *
     * @param rest sends
     * @param nanoClock a monotonic clock
     */
    RestDiscovery(Rest rest, LongSupplier nanoClock) {
        this.rest = rest;
        this.nanoClock = nanoClock;
    }

    @Override
    public List<Resource> preferred() {
        return read(FRESH).preferred();
    }

    @Override
    public List<String> unavailable() {
        return read(FRESH).stale();
    }

    @Override
    public Optional<Resource> find(String apiVersion, String kind) {
        // A kind that is missing now may have come a moment ago, but strangers' owner references must not cost a
        // request each.
        Optional<Resource> known = find(read(Duration.ofDays(1)), apiVersion, kind);
        return known.isPresent() ? known : find(read(Duration.ofSeconds(1)), apiVersion, kind);
    }

    private static Optional<Resource> find(Found found, String apiVersion, String kind) {
        return found.all().stream()
                .filter(r -> r.kind().equals(kind) && r.apiVersion().equals(apiVersion))
                .findFirst();
    }

    private Found read(Duration age) {
        Found known = found;
        if (known != null && nanoClock.getAsLong() - known.at() < age.toNanos()) {
            return known;
        }
        // One thread asks, the others take its answer.
        lock.lock();
        try {
            known = found;
            if (known != null && nanoClock.getAsLong() - known.at() < age.toNanos()) {
                return known;
            }
            List<Resource> all = new ArrayList<>();
            List<Resource> preferred = new ArrayList<>();
            List<String> stale = new ArrayList<>();
            for (String root : List.of("/api", "/apis")) {
                groups(rest.tree(rest.send("GET", root, "", ACCEPT, Rest.JSON, new byte[0])), all, preferred, stale);
            }
            Found fresh =
                    new Found(List.copyOf(all), List.copyOf(preferred), List.copyOf(stale), nanoClock.getAsLong());
            found = fresh;
            return fresh;
        } finally {
            lock.unlock();
        }
    }

    private static void groups(ObjectNode list, List<Resource> all, List<Resource> preferred, List<String> stale) {
        for (JsonNode group : list.path("items")) {
            String name = group.path("metadata").path("name").asText("");
            List<String> seen = new ArrayList<>();
            // Versions come in order of preference; a resource's first version is its preferred one.
            for (JsonNode version : group.path("versions")) {
                if (version.path("freshness").asText().equals("Stale")) {
                    stale.add(name + "/" + version.path("version").asText());
                }
                for (JsonNode node : version.path("resources")) {
                    Resource resource = resource(name, version.path("version").asText(), node);
                    all.add(resource);
                    if (!seen.contains(resource.plural())) {
                        seen.add(resource.plural());
                        preferred.add(resource);
                    }
                }
            }
        }
    }

    private static Resource resource(String group, String version, JsonNode node) {
        List<String> verbs = new ArrayList<>();
        node.path("verbs").forEach(verb -> verbs.add(verb.asText()));
        return new Resource(
                group,
                version,
                node.path("responseKind").path("kind").asText(""),
                node.path("resource").asText(""),
                node.path("scope").asText("").equals("Namespaced"),
                verbs);
    }
}
