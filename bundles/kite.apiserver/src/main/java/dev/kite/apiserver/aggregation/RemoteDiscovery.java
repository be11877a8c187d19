package dev.kite.apiserver.aggregation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.discovery.Catalog;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What remote servers say that they serve, as they last said it. Thread-safe. */
final class RemoteDiscovery {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteDiscovery.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int LIMIT = 2 * 1024 * 1024;
    private static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
            + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList";

    private record Known(Catalog.Version version, String tag) {}

    private final Look look;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final AtomicLong revision = new AtomicLong();

    RemoteDiscovery(Look look) {
        this.look = look;
    }

    /** A number that grows with each change. */
    long revision() {
        return revision.get();
    }

    /** What an APIService's server serves of its group version; nothing, and stale, where that isn't known. */
    Catalog.Version of(ApiService service) {
        Known found = known.get(service.name());
        return found == null ? stale(service) : found.version();
    }

    private static Catalog.Version stale(ApiService service) {
        return new Catalog.Version(service.version(), false, List.of());
    }

    /** Asks an available server anew. */
    void refresh(ApiService service) {
        Known before = known.get(service.name());
        try {
            set(service, fetch(service, before));
        } catch (IOException e) {
            LOG.debug("discovery of {} failed", service.name(), e);
            set(service, new Known(stale(service), ""));
        }
    }

    /** The server doesn't answer: what it served is not known to be served. */
    void lost(ApiService service) {
        set(service, new Known(stale(service), ""));
    }

    /** The APIService is gone. */
    void forget(String name) {
        if (known.remove(name) != null) {
            revision.incrementAndGet();
        }
    }

    private void set(ApiService service, Known now) {
        Known before = known.put(service.name(), now);
        if (before == null || !before.version().equals(now.version())) {
            revision.incrementAndGet();
        }
    }

    private Known fetch(ApiService service, @Nullable Known before) throws IOException {
        String tag = before == null || !before.version().current() ? "" : before.tag();
        Look.Seen seen = look.get(service, "/apis", AGGREGATED, tag, PATIENCE, LIMIT);
        if (seen.status() == 304 && before != null) {
            return before;
        }
        if (seen.status() == 503) {
            throw new IOException("status 503");
        }
        boolean aggregated =
                seen.header("Content-Type").toLowerCase(Locale.ROOT).contains("as=apigroupdiscoverylist");
        if (seen.status() == 200 && aggregated) {
            return new Known(version(service, parse(seen.body())), seen.header("ETag"));
        }
        Look.Seen plain = look.get(service, service.path(), "application/json", "", PATIENCE, LIMIT);
        if (plain.status() != 200) {
            throw new IOException("status " + plain.status());
        }
        return new Known(legacy(service, parse(plain.body())), "");
    }

    private static ObjectNode parse(byte[] body) throws IOException {
        try {
            if (Trees.mapper().readTree(body) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw new IOException("discovery is no JSON: " + e.getOriginalMessage(), e);
        }
        throw new IOException("discovery is no object");
    }

    /** Reads an APIGroupDiscoveryList. */
    static Catalog.Version version(ApiService service, ObjectNode list) {
        for (ObjectNode group : Tree.objects(list, "items")) {
            if (!Tree.text(group, "metadata", "name").equals(service.group())) {
                continue;
            }
            for (ObjectNode version : Tree.objects(group, "versions")) {
                if (Tree.text(version, "version").equals(service.version())) {
                    List<Catalog.Resource> resources = new ArrayList<>();
                    for (ObjectNode resource : Tree.objects(version, "resources")) {
                        resources.add(resource(service, resource));
                    }
                    return new Catalog.Version(service.version(), true, resources);
                }
            }
        }
        return new Catalog.Version(service.version(), true, List.of());
    }

    private static Catalog.Resource resource(ApiService service, ObjectNode from) {
        List<Catalog.Subresource> below = new ArrayList<>();
        for (ObjectNode sub : Tree.objects(from, "subresources")) {
            below.add(subresource(
                    service, Tree.text(sub, "subresource"), Tree.at(sub, "responseKind"), Tree.texts(sub, "verbs")));
        }
        return new Catalog.Resource(
                Tree.text(from, "resource"),
                Tree.text(from, "singularResource"),
                Tree.text(from, "responseKind", "kind"),
                Tree.text(from, "scope").equals("Namespaced"),
                Tree.texts(from, "verbs"),
                Tree.texts(from, "shortNames"),
                Tree.texts(from, "categories"),
                "",
                below);
    }

    private static Catalog.Subresource subresource(ApiService service, String name, JsonNode kind, List<String> verbs) {
        String group = Tree.text(kind, "group");
        String version = Tree.text(kind, "version");
        return new Catalog.Subresource(
                name,
                group.isEmpty() && version.isEmpty() ? service.group() : group,
                version.isEmpty() ? service.version() : version,
                Tree.text(kind, "kind"),
                verbs);
    }

    /** Reads an APIResourceList, in which what is below a resource comes as RESOURCE/NAME. */
    static Catalog.Version legacy(ApiService service, ObjectNode list) {
        Map<String, Catalog.Resource> all = new LinkedHashMap<>();
        Map<String, List<Catalog.Subresource>> below = new LinkedHashMap<>();
        for (ObjectNode one : Tree.objects(list, "resources")) {
            String name = Tree.text(one, "name");
            int slash = name.indexOf('/');
            if (slash >= 0) {
                below.computeIfAbsent(name.substring(0, slash), _ -> new ArrayList<>())
                        .add(subresource(service, name.substring(slash + 1), one, Tree.texts(one, "verbs")));
                continue;
            }
            all.put(
                    name,
                    new Catalog.Resource(
                            name,
                            Tree.text(one, "singularName"),
                            Tree.text(one, "kind"),
                            Tree.flag(one, "namespaced"),
                            Tree.texts(one, "verbs"),
                            Tree.texts(one, "shortNames"),
                            Tree.texts(one, "categories"),
                            "",
                            List.of()));
        }
        List<Catalog.Resource> resources = new ArrayList<>();
        all.forEach((name, resource) -> resources.add(new Catalog.Resource(
                name,
                resource.singular(),
                resource.kind(),
                resource.namespaced(),
                resource.verbs(),
                resource.shortNames(),
                resource.categories(),
                "",
                below.getOrDefault(name, List.of()))));
        return new Catalog.Version(service.version(), true, resources);
    }
}
