package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.util.Map;

/** Sets what a structural schema gives as defaults (apiextensions.k8s.io, "defaulting"). Stateless. */
final class SchemaDefaults {
    private SchemaDefaults() {}

    /** Sets the defaults of an object, in place: also a null where null isn't allowed and there is a default. */
    static void apply(JsonNode schema, ObjectNode object) {
        for (Map.Entry<String, JsonNode> property : Tree.fields(schema, "properties")) {
            JsonNode fallback = property.getValue().get("default");
            JsonNode present = object.get(property.getKey());
            boolean missing = present == null
                    || (present.isNull() && !Tree.flag(property.getValue(), "nullable") && fallback != null);
            if (missing && fallback != null) {
                object.set(property.getKey(), fallback.deepCopy());
            } else if (present != null && present.isNull() && !Tree.flag(property.getValue(), "nullable")) {
                object.remove(property.getKey());
            }
            value(property.getValue(), object.get(property.getKey()));
        }
        JsonNode additional = schema.path("additionalProperties");
        if (additional.isObject()) {
            object.forEach(value -> value(additional, value));
        }
    }

    private static void value(JsonNode schema, @org.jspecify.annotations.Nullable JsonNode value) {
        if (value instanceof ObjectNode object) {
            apply(schema, object);
        } else if (value instanceof ArrayNode array) {
            array.forEach(element -> value(schema.path("items"), element));
        }
    }
}
