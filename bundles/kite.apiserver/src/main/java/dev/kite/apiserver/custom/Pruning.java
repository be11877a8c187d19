package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Drops what a structural schema does not name (apiextensions.k8s.io, "field pruning"). One instance an object. */
final class Pruning {
    private final List<String> dropped;

    Pruning(List<String> dropped) {
        this.dropped = dropped;
    }

    /** Prunes a whole object, whose metadata was taken out. */
    void root(JsonNode schema, ObjectNode object) {
        object(schema, object, "", true);
    }

    private void object(JsonNode schema, ObjectNode object, String path, boolean resource) {
        JsonNode properties = schema.path("properties");
        JsonNode additional = schema.path("additionalProperties");
        boolean preserves = Tree.flag(schema, "x-kubernetes-preserve-unknown-fields");
        List<String> unknown = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            String name = field.getKey();
            String here = path.isEmpty() ? name : path + "." + name;
            if (resource && (name.equals("apiVersion") || name.equals("kind") || name.equals("metadata"))) {
                continue;
            }
            if (properties.has(name)) {
                value(properties.get(name), field.getValue(), here);
            } else if (additional.isObject()) {
                value(additional, field.getValue(), here);
            } else if (!preserves && !(additional.isBoolean() && additional.booleanValue())) {
                unknown.add(name);
                dropped.add(here);
            }
        }
        object.remove(unknown);
    }

    private void value(JsonNode schema, JsonNode value, String path) {
        if (value instanceof ObjectNode object) {
            object(schema, object, path, Tree.flag(schema, "x-kubernetes-embedded-resource"));
        } else if (value instanceof ArrayNode array && schema.path("items").isObject()) {
            for (int i = 0; i < array.size(); i++) {
                value(schema.path("items"), array.get(i), path + "[" + i + "]");
            }
        }
    }
}
