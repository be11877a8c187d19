package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Goes through all schemas within a schema. Stateless; as deep as the schema is, which bodies' bound on depth bounds. */
final class SchemaWalk {
    private static final List<String> ONE = List.of("items", "additionalProperties", "not", "additionalItems");
    private static final List<String> MANY = List.of("allOf", "anyOf", "oneOf", "items");
    private static final List<String> NAMED = List.of("properties", "patternProperties", "definitions", "dependencies");

    private SchemaWalk() {}

    /** Whether a schema or one within it is such. */
    static boolean any(JsonNode schema, Predicate<JsonNode> such) {
        if (!schema.isObject()) {
            return false;
        }
        if (such.test(schema)) {
            return true;
        }
        for (String name : ONE) {
            if (any(schema.path(name), such)) {
                return true;
            }
        }
        for (String name : MANY) {
            JsonNode list = schema.path(name);
            for (int i = 0; list.isArray() && i < list.size(); i++) {
                if (any(list.get(i), such)) {
                    return true;
                }
            }
        }
        for (String name : NAMED) {
            for (Map.Entry<String, JsonNode> field : Tree.fields(schema, name)) {
                if (any(field.getValue(), such)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Does something with a schema and all within it. */
    static void each(JsonNode schema, Consumer<ObjectNode> act) {
        any(schema, one -> {
            act.accept((ObjectNode) one);
            return false;
        });
    }
}
