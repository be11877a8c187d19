package dev.kite.client.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.http.HttpExchange;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The fake's objects and their history. Guarded by itself. */
final class FakeStore {
    record Key(String group, String plural, String namespace, String name) {}

    record Change(long revision, Key key, String type, ObjectNode object, ObjectNode before) {}

    static final class Failure extends RuntimeException {
        final int code;
        final String reason;

        Failure(int code, String reason, String message) {
            super(message);
            this.code = code;
            this.reason = reason;
        }

        static Failure notFound(FakePath path) {
            return new Failure(404, "NotFound", path.plural() + " \"" + path.name() + "\" not found");
        }
    }

    final Map<String, String> kinds = new ConcurrentHashMap<>();
    private final ObjectMapper mapper;
    private final Map<String, Map.Entry<Key, ObjectNode>> objects = new TreeMap<>();
    private final List<Change> log = new ArrayList<>();
    private final AtomicInteger names = new AtomicInteger();
    private long revision = 1;
    private long compacted;
    private int watchGeneration;

    FakeStore(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    synchronized long revision() {
        return revision;
    }

    synchronized void compact() {
        compacted = revision;
    }

    synchronized void endWatches() {
        watchGeneration++;
        notifyAll();
    }

    Key key(String group, String plural, ObjectNode object) {
        JsonNode meta = object.path("metadata");
        return new Key(
                group,
                plural,
                meta.path("namespace").asText(""),
                meta.path("name").asText());
    }

    synchronized ObjectNode get(Key key) {
        var found = objects.get(key.toString());
        return found == null ? null : found.getValue().deepCopy();
    }

    synchronized List<ObjectNode> list(String group, String plural, String namespace) {
        List<ObjectNode> found = new ArrayList<>();
        for (var entry : objects.values()) {
            Key key = entry.getKey();
            if (key.group().equals(group)
                    && key.plural().equals(plural)
                    && (namespace.isEmpty() || key.namespace().equals(namespace))) {
                found.add(entry.getValue().deepCopy());
            }
        }
        return found;
    }

    ObjectNode metadata(ObjectNode object) {
        ObjectNode partial = mapper.createObjectNode();
        partial.put("apiVersion", "meta.k8s.io/v1").put("kind", "PartialObjectMetadata");
        partial.set("metadata", object.path("metadata"));
        return partial;
    }

    private ObjectNode store(Key key, ObjectNode object, String type) {
        ObjectNode before = get(key);
        revision++;
        ((ObjectNode) object.get("metadata")).put("resourceVersion", Long.toString(revision));
        if (type.equals("DELETED")) {
            objects.remove(key.toString());
        } else {
            objects.put(key.toString(), Map.entry(key, object));
        }
        log.add(new Change(revision, key, type, object.deepCopy(), before));
        notifyAll();
        return object.deepCopy();
    }

    synchronized ObjectNode force(ObjectNode object) {
        String apiVersion = object.path("apiVersion").asText();
        String group = apiVersion.contains("/") ? apiVersion.substring(0, apiVersion.indexOf('/')) : "";
        String version = apiVersion.substring(apiVersion.indexOf('/') + 1);
        String kind = object.path("kind").asText();
        String plural = kinds.entrySet().stream()
                .filter(e -> e.getValue().equals(kind) && e.getKey().startsWith(group + "/" + version + "/"))
                .map(e -> e.getKey().substring(e.getKey().lastIndexOf('/') + 1))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(apiVersion + " " + kind + " is not served"));
        Key key = key(group, plural, object);
        boolean known = get(key) != null;
        birth(object);
        return store(key, object, known ? "MODIFIED" : "ADDED");
    }

    private static void birth(ObjectNode object) {
        ObjectNode meta = object.withObject("/metadata");
        if (!meta.has("uid")) {
            meta.put("uid", UUID.randomUUID().toString());
        }
        if (!meta.has("creationTimestamp")) {
            meta.put(
                    "creationTimestamp",
                    Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        }
        if (!meta.has("generation")) {
            meta.put("generation", 1);
        }
    }

    synchronized ObjectNode create(FakePath path, ObjectNode object) {
        if (!path.subresource().isEmpty()) {
            return act(path, object);
        }
        if (path.plural().equals("subjectaccessreviews")) {
            // Reviews are answered, not kept; here everybody may do everything but those who are called nobody.
            object.withObject("/status")
                    .put("allowed", !object.path("spec").path("user").asText().equals("nobody"));
            return object;
        }
        ObjectNode meta = object.withObject("/metadata");
        if (meta.path("name").asText("").isEmpty()) {
            meta.put("name", meta.path("generateName").asText() + "%05d".formatted(names.incrementAndGet()));
        }
        if (!path.namespace().isEmpty()) {
            meta.put("namespace", path.namespace());
        }
        Key key = key(path.group(), path.plural(), object);
        if (get(key) != null) {
            throw new Failure(409, "AlreadyExists", key.plural() + " \"" + key.name() + "\" already exists");
        }
        meta.remove("uid");
        birth(object);
        return store(key, object, "ADDED");
    }

    private ObjectNode act(FakePath path, ObjectNode body) {
        ObjectNode target = get(path.key());
        if (target == null) {
            throw Failure.notFound(path);
        }
        switch (path.subresource()) {
            case "binding" -> {
                if (target.path("spec").has("nodeName")) {
                    throw new Failure(409, "Conflict", "pod " + path.name() + " is already assigned to node");
                }
                target.withObject("/spec")
                        .put("nodeName", body.path("target").path("name").asText());
                ArrayNode conditions = target.withObject("/status").putArray("conditions");
                conditions.addObject().put("type", "PodScheduled").put("status", "True");
                store(path.key(), target, "MODIFIED");
            }
            case "eviction" -> delete(path.key(), mapper.createObjectNode());
            default -> throw new Failure(404, "NotFound", path.subresource());
        }
        return mapper.createObjectNode()
                .put("apiVersion", "v1")
                .put("kind", "Status")
                .put("status", "Success");
    }

    synchronized ObjectNode update(FakePath path, ObjectNode object) {
        ObjectNode current = get(path.key());
        if (current == null) {
            throw Failure.notFound(path);
        }
        String wanted = object.path("metadata").path("resourceVersion").asText("");
        if (!wanted.isEmpty()
                && !wanted.equals(
                        current.path("metadata").path("resourceVersion").asText())) {
            throw new Failure(
                    409,
                    "Conflict",
                    "Operation cannot be fulfilled on " + path.plural() + " \"" + path.name()
                            + "\": the object has been modified; please apply your changes to the latest version and try again");
        }
        return replace(path, current, object);
    }

    private ObjectNode replace(FakePath path, ObjectNode current, ObjectNode object) {
        ObjectNode next;
        if (path.subresource().equals("status") || path.subresource().equals("approval")) {
            next = current.deepCopy();
            set(next, "status", object.path("status"));
        } else {
            next = object.deepCopy();
            set(next, "status", current.path("status"));
            ObjectNode meta = next.withObject("/metadata");
            for (String fixed : List.of(
                    "uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds")) {
                set(meta, fixed, current.path("metadata").path(fixed));
            }
            if (!next.path("spec").equals(current.path("spec"))) {
                meta.put(
                        "generation",
                        current.path("metadata").path("generation").asLong() + 1);
            }
        }
        ((ObjectNode) next.path("metadata"))
                .set("resourceVersion", current.path("metadata").path("resourceVersion"));
        if (next.equals(current)) {
            return current;
        }
        return finished(next) && !path.plural().equals("pods")
                ? store(path.key(), next, "DELETED")
                : store(path.key(), next, "MODIFIED");
    }

    private static boolean finished(ObjectNode object) {
        JsonNode meta = object.path("metadata");
        boolean spec = object.path("kind").asText().equals("Namespace")
                && !object.path("spec").path("finalizers").isEmpty();
        return meta.has("deletionTimestamp") && meta.path("finalizers").isEmpty() && !spec;
    }

    private static void set(ObjectNode object, String field, JsonNode value) {
        if (value.isMissingNode()) {
            object.remove(field);
        } else {
            object.set(field, value);
        }
    }

    synchronized ObjectNode patch(FakePath path, JsonNode patch, String mediaType) {
        ObjectNode current = get(path.key());
        if (current == null) {
            throw Failure.notFound(path);
        }
        ObjectNode next = current.deepCopy();
        if (mediaType.startsWith("application/json-patch")) {
            throw new Failure(415, "UnsupportedMediaType", mediaType);
        }
        merge(next, (ObjectNode) patch, mediaType.startsWith("application/strategic"));
        return update(path, next);
    }

    /** RFC 7386; strategic patches' finalizers and owner references are united, as their markers say. */
    private static void merge(ObjectNode target, ObjectNode patch, boolean strategic) {
        patch.fields().forEachRemaining(field -> {
            JsonNode value = field.getValue();
            if (field.getKey().startsWith("$deleteFromPrimitiveList/")) {
                JsonNode list = target.path(field.getKey().substring("$deleteFromPrimitiveList/".length()));
                for (int i = list.size() - 1; i >= 0; i--) {
                    for (JsonNode gone : value) {
                        if (i < list.size() && list.get(i).equals(gone)) {
                            ((ArrayNode) list).remove(i);
                        }
                    }
                }
            } else if (value.isNull()) {
                target.remove(field.getKey());
            } else if (value instanceof ObjectNode object) {
                JsonNode there = target.path(field.getKey());
                ObjectNode into = there instanceof ObjectNode known ? known : target.putObject(field.getKey());
                merge(into, object, strategic);
            } else if (strategic
                    && value.isArray()
                    && List.of("finalizers", "ownerReferences", "conditions").contains(field.getKey())) {
                unite(target.withArray(field.getKey()), value);
            } else if (!field.getKey().startsWith("$")) {
                target.set(field.getKey(), value);
            }
        });
    }

    private static void unite(ArrayNode into, JsonNode added) {
        for (JsonNode item : added) {
            String key = item.has("uid") ? "uid" : item.has("type") ? "type" : "";
            for (int i = into.size() - 1; i >= 0; i--) {
                JsonNode old = into.get(i);
                if (key.isEmpty() ? old.equals(item) : old.path(key).equals(item.path(key))) {
                    into.remove(i);
                }
            }
            if (!item.has("$patch")) {
                into.add(item);
            }
        }
    }

    synchronized ObjectNode delete(Key key, ObjectNode options) {
        ObjectNode current = get(key);
        if (current == null) {
            throw new Failure(404, "NotFound", key.plural() + " \"" + key.name() + "\" not found");
        }
        ObjectNode meta = (ObjectNode) current.path("metadata");
        for (String field : List.of("uid", "resourceVersion")) {
            String wanted = options.path("preconditions").path(field).asText("");
            if (!wanted.isEmpty() && !wanted.equals(meta.path(field).asText())) {
                throw new Failure(409, "Conflict", "Precondition failed: " + field);
            }
        }
        String policy = options.path("propagationPolicy").asText("");
        String finalizer = switch (policy) {
            case "Foreground" -> "foregroundDeletion";
            case "Orphan" -> "orphan";
            default -> "";
        };
        if (!finalizer.isEmpty()) {
            unite(meta.withArray("finalizers"), mapper.createArrayNode().add(finalizer));
        }
        boolean running = key.plural().equals("pods") && current.path("spec").has("nodeName");
        long grace = options.path("gracePeriodSeconds").asLong(running ? 30 : 0);
        boolean wait = running && grace > 0 || key.plural().equals("namespaces");
        if (!wait && meta.path("finalizers").isEmpty()) {
            return store(key, current, "DELETED");
        }
        if (!meta.has("deletionTimestamp")) {
            meta.put(
                    "deletionTimestamp",
                    Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
            meta.put("deletionGracePeriodSeconds", grace);
            if (key.plural().equals("namespaces")) {
                current.withObject("/status").put("phase", "Terminating");
            }
        }
        return store(key, current, "MODIFIED");
    }

    void watch(HttpExchange exchange, FakePath path, FakeSelector selector, String from, boolean metadata)
            throws IOException {
        long next = from.isEmpty() || from.equals("0") ? revision() : Long.parseLong(from);
        int generation;
        synchronized (this) {
            if (next < compacted) {
                throw new Failure(410, "Expired", "too old resource version: " + next + " (" + compacted + ")");
            }
            generation = watchGeneration;
        }
        exchange.onClose(this::wake);
        exchange.responseHeaders().set("Content-Type", "application/json");
        exchange.responseBody().flush();
        while (!exchange.closed()) {
            List<Change> changes = new ArrayList<>();
            synchronized (this) {
                if (generation != watchGeneration) {
                    return;
                }
                for (Change change : log) {
                    if (change.revision() > next) {
                        changes.add(change);
                    }
                }
                if (changes.isEmpty()) {
                    try {
                        wait(1000);
                    } catch (InterruptedException e) {
                        return;
                    }
                    continue;
                }
                next = changes.getLast().revision();
            }
            for (Change change : changes) {
                send(exchange, path, selector, change, metadata);
            }
            exchange.responseBody().flush();
        }
    }

    private synchronized void wake() {
        notifyAll();
    }

    private void send(HttpExchange exchange, FakePath path, FakeSelector selector, Change change, boolean metadata)
            throws IOException {
        Key key = change.key();
        boolean mine = key.group().equals(path.group())
                && key.plural().equals(path.plural())
                && (path.namespace().isEmpty() || path.namespace().equals(key.namespace()));
        if (!mine) {
            return;
        }
        boolean was = change.before() != null && selector.matches(change.before());
        boolean is = !change.type().equals("DELETED") && selector.matches(change.object());
        if (!was && !is) {
            return;
        }
        ObjectNode frame = mapper.createObjectNode();
        frame.put("type", is ? (was ? "MODIFIED" : "ADDED") : "DELETED");
        frame.set("object", metadata ? metadata(change.object()) : change.object());
        exchange.responseBody().write(mapper.writeValueAsBytes(frame));
        exchange.responseBody().write('\n');
    }
}
