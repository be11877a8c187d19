package dev.kite.apiserver.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;

/** Turns v3 schemas into v2: references stand alone with words beside them, and what v2 does not know is left out. Stateless. */
final class SchemaV2 {
    private static final Set<String> UNKNOWN = Set.of("oneOf", "anyOf", "not", "nullable");

    private SchemaV2() {}

    static ObjectNode of(String definition, ObjectNode v3) {
        ObjectNode v2 = convert(v3, true);
        if (definition.equals(Definitions.QUANTITY) || definition.equals(Definitions.INT_OR_STRING)) {
            v2.put("type", "string");
        }
        return v2;
    }

    private static ObjectNode convert(ObjectNode v3, boolean schema) {
        ObjectNode v2 = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> field : v3.properties()) {
            String name = field.getKey();
            JsonNode value = field.getValue();
            if (!schema) {
                v2.set(name, value instanceof ObjectNode object ? convert(object, true) : value);
            } else if (name.equals("$ref")) {
                v2.put(name, value.asText().replace(Definitions.REFERENCE, PathsV2.REFERENCE));
            } else if (name.equals("allOf")
                    && value.size() == 1
                    && value.path(0).has("$ref")) {
                v2.put("$ref", value.path(0).path("$ref").asText().replace(Definitions.REFERENCE, PathsV2.REFERENCE));
            } else if (name.equals("default") || name.startsWith("x-") || name.equals("enum")) {
                v2.set(name, value);
            } else if (!UNKNOWN.contains(name)) {
                v2.set(name, inner(name, value));
            }
        }
        return v2;
    }

    private static JsonNode inner(String name, JsonNode value) {
        if (value instanceof ObjectNode object) {
            return convert(object, !name.equals("properties"));
        }
        if (value instanceof ArrayNode array) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            array.forEach(e -> copy.add(e instanceof ObjectNode object ? convert(object, true) : e));
            return copy;
        }
        return value;
    }
}
