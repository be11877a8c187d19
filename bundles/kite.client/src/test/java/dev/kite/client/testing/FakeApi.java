package dev.kite.client.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.RequestDispatcher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * A small but honest Kubernetes API in memory, for tests of what speaks to one: objects with uids, versions and conflicts, generations, status apart from spec,
 * selectors, finalizers and graceful deletion of pods, binding, watches from a version with 410 after {@link #compact}. It neither defaults nor validates, and asks
 * for no rights; requests are recorded.
 */
public final class FakeApi implements RequestDispatcher {
    /** A request as it came. */
    public record Seen(String user, String method, String path, String body) {}

    private final ObjectMapper mapper = new ObjectMapper();
    private final FakeStore store = new FakeStore(mapper);
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final List<Function<Seen, Integer>> faults = new CopyOnWriteArrayList<>();
    private final List<Function<Seen, Integer>> guards = new CopyOnWriteArrayList<>();
    private final List<Map.Entry<String, String>> kinds = new CopyOnWriteArrayList<>();

    /** Declares a resource, for discovery and kinds of lists. */
    public FakeApi serve(String group, String version, String kind, String plural, boolean namespaced) {
        store.kinds.put(group + "/" + version + "/" + plural, kind);
        kinds.add(Map.entry(group, version + "/" + kind + "/" + plural + "/" + namespaced));
        return this;
    }

    /** All that was asked. */
    public List<Seen> seen() {
        return seen;
    }

    /** Fails requests: the function's answer is an HTTP status, or null to go on. */
    public void fail(Function<Seen, Integer> fault) {
        faults.add(fault);
    }

    /** Refuses requests for good: the function's answer is an HTTP status, or null to go on. */
    public void guard(Function<Seen, Integer> guard) {
        guards.add(guard);
    }

    /** Ends all faults. */
    public void heal() {
        faults.clear();
    }

    /** Watches from versions before now are answered with 410 from now on. */
    public void compact() {
        store.compact();
    }

    /** Ends all running watches, as a server does from time to time. */
    public void endWatches() {
        store.endWatches();
    }

    /** Stores an object as it is, past all rules but versions. */
    public ObjectNode put(String json) {
        try {
            return store.force((ObjectNode) mapper.readTree(json));
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Reads an object, or null. */
    public ObjectNode get(String group, String plural, String namespace, String name) {
        return store.get(new FakeStore.Key(group, plural, namespace, name));
    }

    /** Reads all objects of a resource. */
    public List<ObjectNode> all(String group, String plural) {
        return store.list(group, plural, "");
    }

    @Override
    public void dispatch(HttpExchange exchange) throws IOException {
        String body = new String(exchange.requestBody().readAllBytes(), StandardCharsets.UTF_8);
        var user = exchange.user();
        String query = exchange.rawQuery().isEmpty() ? "" : "?" + exchange.rawQuery();
        Seen request = new Seen(user == null ? "" : user.name(), exchange.method(), exchange.path() + query, body);
        seen.add(request);
        try {
            for (Function<Seen, Integer> guard : guards) {
                Integer code = guard.apply(request);
                if (code != null) {
                    throw new FakeStore.Failure(
                            code, "Forbidden", request.user() + " may not " + request.method() + " " + request.path());
                }
            }
            for (Function<Seen, Integer> fault : faults) {
                Integer code = fault.apply(request);
                if (code != null) {
                    throw new FakeStore.Failure(code, code == 409 ? "Conflict" : "InternalError", "injected fault");
                }
            }
            handle(exchange, body);
        } catch (FakeStore.Failure e) {
            ObjectNode status = mapper.createObjectNode();
            status.put("apiVersion", "v1").put("kind", "Status").put("status", "Failure");
            status.put("code", e.code).put("reason", e.reason).put("message", e.getMessage());
            exchange.respond(e.code, "application/json", mapper.writeValueAsBytes(status));
        }
    }

    private void handle(HttpExchange exchange, String body) throws IOException {
        if (exchange.path().equals("/api") || exchange.path().equals("/apis")) {
            respond(exchange, 200, discovery(exchange.path().equals("/api")));
            return;
        }
        FakePath path = FakePath.parse(exchange.path());
        switch (exchange.method()) {
            case "GET" -> read(exchange, path);
            case "POST" -> respond(exchange, 201, store.create(path, object(body)));
            case "PUT" -> respond(exchange, 200, store.update(path, object(body)));
            case "PATCH" ->
                respond(
                        exchange,
                        200,
                        store.patch(
                                path,
                                mapper.readTree(body),
                                exchange.requestHeaders().first("Content-Type")));
            case "DELETE" -> delete(exchange, path, body.isEmpty() ? mapper.createObjectNode() : object(body));
            default -> throw new FakeStore.Failure(405, "MethodNotAllowed", exchange.method());
        }
    }

    private ObjectNode object(String body) throws IOException {
        if (mapper.readTree(body) instanceof ObjectNode object) {
            return object;
        }
        throw new FakeStore.Failure(400, "BadRequest", "no object");
    }

    private void respond(HttpExchange exchange, int code, JsonNode object) throws IOException {
        exchange.respond(code, "application/json", mapper.writeValueAsBytes(object));
    }

    private void read(HttpExchange exchange, FakePath path) throws IOException {
        if (!path.name().isEmpty()) {
            ObjectNode found = store.get(path.key());
            if (found == null) {
                throw FakeStore.Failure.notFound(path);
            }
            respond(exchange, 200, found);
            return;
        }
        FakeSelector selector = new FakeSelector(
                exchange.query().first("labelSelector", ""), exchange.query().first("fieldSelector", ""));
        String accept = exchange.requestHeaders().first("Accept");
        boolean metadata = accept != null && accept.contains("PartialObjectMetadata");
        if (exchange.query().flag("watch")) {
            store.watch(exchange, path, selector, exchange.query().first("resourceVersion", ""), metadata);
        } else {
            respond(exchange, 200, list(exchange, path, selector, metadata));
        }
    }

    private ObjectNode list(HttpExchange exchange, FakePath path, FakeSelector selector, boolean metadata) {
        ObjectNode list = mapper.createObjectNode();
        list.put("apiVersion", path.group().isEmpty() ? path.version() : path.group() + "/" + path.version());
        list.put(
                "kind",
                store.kinds.getOrDefault(path.group() + "/" + path.version() + "/" + path.plural(), "") + "List");
        ObjectNode meta = list.putObject("metadata");
        ArrayNode items = list.putArray("items");
        synchronized (store) {
            List<ObjectNode> found = new ArrayList<>(store.list(path.group(), path.plural(), path.namespace()));
            found.removeIf(object -> !selector.matches(object));
            int from = Integer.parseInt(exchange.query().first("continue", "0"));
            int limit = Integer.parseInt(exchange.query().first("limit", "0"));
            int to = limit == 0 ? found.size() : Math.min(found.size(), from + limit);
            found.subList(from, to).forEach(object -> items.add(metadata ? store.metadata(object) : object));
            meta.put("resourceVersion", Long.toString(store.revision()));
            if (to < found.size()) {
                meta.put("continue", Integer.toString(to));
            }
        }
        return list;
    }

    private void delete(HttpExchange exchange, FakePath path, ObjectNode options) throws IOException {
        if (!path.name().isEmpty()) {
            respond(exchange, 200, store.delete(path.key(), options));
            return;
        }
        FakeSelector selector = new FakeSelector(
                exchange.query().first("labelSelector", ""), exchange.query().first("fieldSelector", ""));
        for (ObjectNode object : store.list(path.group(), path.plural(), path.namespace())) {
            if (selector.matches(object)) {
                store.delete(store.key(path.group(), path.plural(), object), options);
            }
        }
        respond(exchange, 200, mapper.createObjectNode().put("kind", "Status").put("status", "Success"));
    }

    private ObjectNode discovery(boolean core) {
        ObjectNode list = mapper.createObjectNode();
        list.put("apiVersion", "apidiscovery.k8s.io/v2").put("kind", "APIGroupDiscoveryList");
        ArrayNode items = list.putArray("items");
        kinds.stream()
                .map(Map.Entry::getKey)
                .distinct()
                .filter(g -> g.isEmpty() == core)
                .forEach(group -> {
                    ObjectNode item = items.addObject();
                    item.putObject("metadata").put("name", group);
                    ArrayNode versions = item.putArray("versions");
                    kinds.stream()
                            .filter(kind -> kind.getKey().equals(group))
                            .map(kind -> kind.getValue().split("/"))
                            .forEach(kind -> {
                                ObjectNode version = versions.addObject().put("version", kind[0]);
                                ObjectNode resource =
                                        version.putArray("resources").addObject();
                                resource.put("resource", kind[2])
                                        .put("scope", kind[3].equals("true") ? "Namespaced" : "Cluster");
                                resource.putObject("responseKind")
                                        .put("kind", kind[1])
                                        .put("group", group)
                                        .put("version", kind[0]);
                                resource.putArray("verbs")
                                        .add("list")
                                        .add("watch")
                                        .add("delete")
                                        .add("deletecollection")
                                        .add("get");
                            });
                });
        return list;
    }
}
