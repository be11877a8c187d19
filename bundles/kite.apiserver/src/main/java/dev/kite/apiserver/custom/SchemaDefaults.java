package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sets what a structural schema gives as defaults (apiextensions.k8s.io, "defaulting" and "defaulting and nullable"). Stateless. */
final class SchemaDefaults {
    private SchemaDefaults() {}

    /** Sets the defaults of an object, in place: also in place of a null where null isn't allowed. Other such nulls go. */
    static void apply(JsonNode schema, ObjectNode object) {
        dropNulls(schema, object);
        fill(schema, object);
    }

    /** Drops nulls where null isn't allowed and no default takes its place. */
    static void dropNulls(JsonNode schema, JsonNode value) {
        if (value instanceof ObjectNode object) {
            List<String> gone = new ArrayList<>();
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                JsonNode inner = schemaOf(schema, field.getKey());
                if (field.getValue().isNull() && !nullable(inner) && !inner.has("default")) {
                    gone.add(field.getKey());
                } else {
                    dropNulls(inner, field.getValue());
                }
            }
            object.remove(gone);
        } else if (value instanceof ArrayNode array) {
            array.forEach(element -> dropNulls(schema.path("items"), element));
        }
    }

    private static JsonNode schemaOf(JsonNode schema, String field) {
        JsonNode property = schema.path("properties").path(field);
        JsonNode additional = schema.path("additionalProperties");
        return property.isObject() ? property : additional.isObject() ? additional : MissingNode.getInstance();
    }

    /** Whether null may stay; of what has no schema nothing is known. */
    private static boolean nullable(JsonNode schema) {
        return schema.isMissingNode() || Tree.flag(schema, "nullable");
    }

    private static void fill(JsonNode schema, @Nullable JsonNode value) {
        if (value instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> property : Tree.fields(schema, "properties")) {
                JsonNode fallback = property.getValue().get("default");
                JsonNode present = object.get(property.getKey());
                if (fallback != null && (present == null || (present.isNull() && !nullable(property.getValue())))) {
                    object.set(property.getKey(), fallback.deepCopy());
                }
            }
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                JsonNode inner = schemaOf(schema, field.getKey());
                if (field.getValue().isNull() && !nullable(inner) && inner.has("default")) {
                    field.setValue(inner.get("default").deepCopy());
                }
                fill(inner, field.getValue());
            }
        } else if (value instanceof ArrayNode array) {
            JsonNode items = schema.path("items");
            for (int i = 0; i < array.size(); i++) {
                if (array.get(i).isNull() && !nullable(items) && items.has("default")) {
                    array.set(i, items.get("default").deepCopy());
                }
                fill(items, array.get(i));
            }
        }
    }
}
