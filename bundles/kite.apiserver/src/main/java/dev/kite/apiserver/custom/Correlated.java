package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value with the one that it takes the place of, and whether they are the same, found out once: the elements of lists that are maps may have changed places
 * (KEP-4008, "validation ratcheting"). One thread's; as large as what was asked for.
 */
final class Correlated {
    private final JsonNode schema;
    private final JsonNode value;
    private final JsonNode old;
    private @Nullable Map<String, @Nullable Correlated> fields;
    private @Nullable Map<Integer, @Nullable Correlated> elements;
    private @Nullable Correlation byKey;
    private @Nullable Boolean same;

    Correlated(JsonNode schema, JsonNode value, JsonNode old) {
        this.schema = schema;
        this.value = value;
        this.old = old;
    }

    /** A field's value and what it was; null where it can't be told. */
    @Nullable
    Correlated field(String name) {
        if (fields == null) {
            fields = new HashMap<>();
        }
        if (!fields.containsKey(name)) {
            fields.put(name, findField(name));
        }
        return fields.get(name);
    }

    private @Nullable Correlated findField(String name) {
        JsonNode property = schema.path("properties").path(name);
        JsonNode inner = property.isObject() ? property : schema.path("additionalProperties");
        if (!(value instanceof ObjectNode now)
                || !(old instanceof ObjectNode before)
                || !now.has(name)
                || !before.has(name)
                || !inner.isObject()) {
            return null;
        }
        return new Correlated(inner, now.path(name), before.path(name));
    }

    /** An element and what it was; null where it can't be told. */
    @Nullable
    Correlated element(int index) {
        if (elements == null) {
            elements = new HashMap<>();
        }
        if (!elements.containsKey(index)) {
            elements.put(index, findElement(index));
        }
        return elements.get(index);
    }

    private @Nullable Correlated findElement(int index) {
        if (!(value instanceof ArrayNode) || !(old instanceof ArrayNode)) {
            return null;
        }
        if (byKey == null) {
            byKey = Correlation.of(schema, old);
        }
        JsonNode before = byKey.of(value.path(index));
        return before == null ? null : new Correlated(schema.path("items"), value.path(index), before);
    }

    /** Whether the value is what it was. */
    boolean same() {
        if (same == null) {
            same = compare();
        }
        return same;
    }

    private boolean compare() {
        if (value instanceof ObjectNode now && old instanceof ObjectNode before) {
            return now.size() == before.size() && now.properties().stream().allMatch(one -> sameField(one.getKey()));
        }
        if (value instanceof ArrayNode now
                && old instanceof ArrayNode before
                && Tree.text(schema, "x-kubernetes-list-type").equals("map")) {
            boolean all = now.size() == before.size();
            for (int i = 0; i < now.size() && all; i++) {
                Correlated element = element(i);
                all = element != null && element.same();
            }
            return all;
        }
        return value.equals(old);
    }

    /** A field without a schema of its own is no part that could be told apart: with it the whole counts as changed. */
    private boolean sameField(String name) {
        Correlated field = field(name);
        return field != null && field.same();
    }
}
