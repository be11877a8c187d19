package dev.kite.apiserver.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kite.apiserver.tree.Tree;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Joins what others say in OpenAPI v2 to this server's document, as upstream: of each other its own paths and the definitions that they need; a definition of a name that
 * is taken by another content gets another name. What is already there is never changed. Stateless.
 */
final class MergedV2 {
    private static final List<String> KINDS = List.of("definitions", "parameters");

    private MergedV2() {}

    /** Adds others to a document, in their order. */
    static ObjectNode merge(ObjectNode document, List<OtherSpec> others) {
        others.forEach(other -> add(document, other));
        return document;
    }

    private static void add(ObjectNode document, OtherSpec other) {
        ObjectNode paths = document.withObject("/paths");
        Map<String, JsonNode> own = new HashMap<>();
        for (Map.Entry<String, JsonNode> path : Tree.fields(other.document(), "paths")) {
            boolean its = path.getKey().equals(other.path()) || path.getKey().startsWith(other.path() + "/");
            if (its && !paths.has(path.getKey())) {
                own.put(path.getKey(), path.getValue());
            }
        }
        Map<String, String> names = new HashMap<>();
        Set<String> needed = needed(own, other.document());
        for (String reference : needed) {
            names.put(reference, free(document, other.document(), reference));
        }
        for (String reference : needed) {
            JsonNode definition = at(other.document(), reference);
            document.withObject("/" + kind(reference))
                    .set(name(names.getOrDefault(reference, reference)), renamed(definition, names));
        }
        own.forEach((path, item) -> paths.set(path, renamed(item, names)));
    }

    /** References that lead somewhere, from paths and from what they lead to. */
    private static Set<String> needed(Map<String, JsonNode> from, ObjectNode document) {
        Set<String> found = new TreeSet<>();
        Deque<JsonNode> open = new ArrayDeque<>(from.values());
        while (!open.isEmpty()) {
            for (String reference : references(open.pop())) {
                JsonNode definition = at(document, reference);
                if (!definition.isMissingNode() && found.add(reference)) {
                    open.push(definition);
                }
            }
        }
        return found;
    }

    private static List<String> references(JsonNode from) {
        List<String> found = new ArrayList<>();
        Deque<JsonNode> open = new ArrayDeque<>(List.of(from));
        while (!open.isEmpty()) {
            JsonNode node = open.pop();
            JsonNode reference = node.path("$ref");
            if (reference.isTextual() && isLocal(reference.textValue())) {
                found.add(reference.textValue());
            }
            node.forEach(open::push);
        }
        return found;
    }

    private static boolean isLocal(String reference) {
        return KINDS.stream().anyMatch(kind -> reference.startsWith("#/" + kind + "/"));
    }

    private static String kind(String reference) {
        return reference.substring(2, reference.indexOf('/', 2));
    }

    private static String name(String reference) {
        return reference
                .substring(reference.indexOf('/', 2) + 1)
                .replace("~1", "/")
                .replace("~0", "~");
    }

    private static JsonNode at(ObjectNode document, String reference) {
        return document.path(kind(reference)).path(name(reference));
    }

    /** The name that a definition has here: its own where it is free or means the same, else its own with a number. */
    private static String free(ObjectNode document, ObjectNode other, String reference) {
        JsonNode definition = at(other, reference);
        for (int i = 1; ; i++) {
            String candidate = i == 1 ? reference : reference + "_v" + i;
            JsonNode there = at(document, candidate);
            if (there.isMissingNode() || there.equals(definition)) {
                return candidate;
            }
        }
    }

    private static JsonNode renamed(JsonNode node, Map<String, String> names) {
        return switch (node) {
            case ObjectNode object -> {
                ObjectNode copy = object.objectNode();
                object.properties().forEach(field -> {
                    boolean reference = field.getKey().equals("$ref")
                            && field.getValue().isTextual()
                            && names.containsKey(field.getValue().textValue());
                    copy.set(
                            field.getKey(),
                            reference
                                    ? TextNode.valueOf(
                                            names.get(field.getValue().textValue()))
                                    : renamed(field.getValue(), names));
                });
                yield copy;
            }
            case ArrayNode array -> {
                ArrayNode copy = array.arrayNode();
                array.forEach(item -> copy.add(renamed(item, names)));
                yield copy;
            }
            default -> node;
        };
    }
}
