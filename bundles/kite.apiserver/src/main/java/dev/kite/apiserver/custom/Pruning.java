package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.storage.Normalizer;
import dev.kite.apiserver.tree.Tree;
import dev.kite.model.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Drops what a structural schema does not name (apiextensions.k8s.io, "field pruning"). One instance an object. */
final class Pruning {
    static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
    private static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";
    private static final String EMBEDDED = "x-kubernetes-embedded-resource";

    private final List<String> dropped;

    /**
     * Prunes.
     *
     * @param dropped is given the paths of what is dropped
     */
    Pruning(List<String> dropped) {
        this.dropped = dropped;
    }

    /** Prunes a whole object, whose metadata was taken out. */
    void root(JsonNode schema, ObjectNode object) {
        object(schema, object, "", true);
    }

    /** Prunes a value inside an object: a default, for one. */
    void value(JsonNode schema, JsonNode value, String path) {
        if (value instanceof ObjectNode object) {
            object(schema, object, path, false);
        } else if (value instanceof ArrayNode array && !(Tree.flag(schema, PRESERVE) && !schema.has("items"))) {
            for (int i = 0; i < array.size(); i++) {
                value(schema.path("items"), array.get(i), path + "[" + i + "]");
            }
        }
    }

    private void object(JsonNode schema, ObjectNode object, String path, boolean root) {
        JsonNode properties = schema.path("properties");
        JsonNode additional = schema.path("additionalProperties");
        boolean preserves = Tree.flag(schema, PRESERVE);
        boolean resource = root || Tree.flag(schema, EMBEDDED);
        List<String> unknown = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            String name = field.getKey();
            if (resource && isMeta(name)) {
                continue;
            }
            String here = path.isEmpty() ? name : path + "." + name;
            if (properties.has(name)) {
                value(properties.get(name), field.getValue(), here);
            } else if (additional.isObject() || (additional.isBoolean() && additional.booleanValue() && !preserves)) {
                // "additionalProperties: true" keeps a map's entries, but nothing in them, as there is no schema for
                // that.
                value(additional.isObject() ? additional : MissingNode.getInstance(), field.getValue(), here);
            } else if (!preserves) {
                unknown.add(name);
                dropped.add(here);
            }
        }
        object.remove(unknown);
    }

    /**
     * Brings the metadata of objects within an object into its form.
     *
     * @param schema the schema of the value
     * @param value the value, changed in place
     * @param path its path
     * @param root whether it is the whole object, whose own metadata is others' to see to
     * @throws Normalizer.MistypedException where metadata, apiVersion or kind are of a wrong type
     */
    void embedded(JsonNode schema, JsonNode value, String path, boolean root) {
        if (value instanceof ArrayNode array) {
            for (int i = 0; i < array.size() && schema.has("items"); i++) {
                embedded(schema.path("items"), array.get(i), path + "[" + i + "]", false);
            }
        }
        if (!(value instanceof ObjectNode object)) {
            return;
        }
        if (!root && Tree.flag(schema, EMBEDDED)) {
            meta(object, path);
        }
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            JsonNode inner = schema.path("properties").path(field.getKey());
            inner = inner.isMissingNode() ? schema.path("additionalProperties") : inner;
            if (inner.isObject() && !(root && isMeta(field.getKey()))) {
                embedded(inner, field.getValue(), path.isEmpty() ? field.getKey() : path + "." + field.getKey(), false);
            }
        }
    }

    private void meta(ObjectNode object, String path) {
        for (String name : List.of("apiVersion", "kind")) {
            if (object.has(name) && !object.get(name).isTextual()) {
                throw Normalizer.mistyped(
                        path + "." + name + ": Invalid value: " + object.get(name) + ": must be a string");
            }
        }
        JsonNode metadata = object.get("metadata");
        if (metadata == null) {
            return;
        }
        if (!(metadata instanceof ObjectNode given)) {
            throw Normalizer.mistyped(path + ".metadata: Invalid value: " + metadata + ": must be an object");
        }
        Normalizer normalizer = new Normalizer();
        object.set("metadata", normalizer.normalize(Schema.builtIn().require(META), given));
        normalizer.unknown().forEach(name -> dropped.add(path + ".metadata." + name));
    }

    private static boolean isMeta(String name) {
        return name.equals("apiVersion") || name.equals("kind") || name.equals("metadata");
    }
}
