package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.kite.apiserver.tree.Tree;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which element of an old list an element of a new one was: lists of type map have keys to tell by, no other has. Belongs to one validation. */
final class Correlation {
    private final List<String> keys;
    private final Map<List<JsonNode>, JsonNode> old = new HashMap<>();

    private Correlation(List<String> keys) {
        this.keys = keys;
    }

    /** The correlation with a list that is replaced. */
    static Correlation of(JsonNode schema, @Nullable JsonNode replaced) {
        boolean map = Tree.text(schema, "x-kubernetes-list-type").equals("map");
        Correlation correlation = new Correlation(map ? Tree.texts(schema, "x-kubernetes-list-map-keys") : List.of());
        if (map && replaced instanceof ArrayNode elements) {
            for (JsonNode element : elements) {
                List<JsonNode> key = correlation.key(element);
                if (key != null) {
                    correlation.old.putIfAbsent(key, element);
                }
            }
        }
        return correlation;
    }

    /** The element that an element was before, or null. */
    @Nullable
    JsonNode of(JsonNode element) {
        List<JsonNode> key = old.isEmpty() ? null : key(element);
        return key == null ? null : old.get(key);
    }

    /** Null for an element that lacks a key, or whose key is no scalar: it cannot be told from others. */
    private @Nullable List<JsonNode> key(JsonNode element) {
        List<JsonNode> key = keys.stream().map(element::path).toList();
        boolean whole = key.stream().allMatch(part -> part.isValueNode() && !part.isNull());
        return whole && !key.isEmpty() ? key : null;
    }
}
