package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.validation.FieldError;
import dev.kite.apiserver.validation.GoJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Holds lists to their x-kubernetes-list-type: elements of sets, and keys of maps, are there once. One instance an object. */
final class ListTypes {
    private final List<FieldError> errors = new ArrayList<>();

    /** What is wrong with an object's lists. */
    static List<FieldError> check(JsonNode schema, ObjectNode object) {
        ListTypes types = new ListTypes();
        types.value(schema, object, "");
        return types.errors;
    }

    private void value(JsonNode schema, JsonNode value, String path) {
        if (value instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                JsonNode property = schema.path("properties").path(field.getKey());
                JsonNode additional = schema.path("additionalProperties");
                if (property.isObject()) {
                    value(property, field.getValue(), path.isEmpty() ? field.getKey() : path + "." + field.getKey());
                } else if (additional.isObject()) {
                    value(additional, field.getValue(), path + "[" + field.getKey() + "]");
                }
            }
        } else if (value instanceof ArrayNode array) {
            switch (Tree.text(schema, "x-kubernetes-list-type")) {
                case "set" -> unique(array, path);
                case "map" -> map(Tree.texts(schema, "x-kubernetes-list-map-keys"), array, path);
                default -> {}
            }
            JsonNode items = schema.path("items");
            for (int i = 0; i < array.size() && items.isObject(); i++) {
                value(items, array.get(i), path + "[" + i + "]");
            }
        }
    }

    private void map(List<String> keys, ArrayNode array, String path) {
        ArrayNode identities = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < array.size(); i++) {
            JsonNode element = array.get(i);
            if (!element.isObject() && !element.isNull()) {
                errors.add(new FieldError(
                        FieldError.Type.INVALID,
                        path + "[" + i + "]",
                        element,
                        "must be an object for an array of list-type map"));
                return;
            }
            ObjectNode identity = identities.addObject();
            keys.stream().filter(element::has).forEach(key -> identity.set(key, element.get(key)));
        }
        unique(identities, path);
    }

    /** Tells the second of each that is there more often than once. */
    private void unique(ArrayNode array, String path) {
        Map<JsonNode, Integer> seen = new HashMap<>();
        for (int i = 0; i < array.size(); i++) {
            if (seen.merge(array.get(i), 1, Integer::sum) == 2) {
                errors.add(
                        new FieldError(FieldError.Type.DUPLICATE, path + "[" + i + "]", GoJson.map(array.get(i)), ""));
            }
        }
    }
}
