package dev.kite.apiserver.openapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.openapi.Operation.Kind;
import java.util.List;

/** Names and schemas of custom kinds and their lists. Stateless. */
final class CustomDefinitions {
    /** A built-in kind, whose words for what all kinds have serve custom kinds, too. */
    private static final String MODEL = "io.k8s.api.core.v1.ConfigMap";

    private CustomDefinitions() {}

    /** The group's parts from right to left, the version, the kind: com.example.v1.Thing. */
    static String name(Kind kind) {
        List<String> parts = List.of(kind.group().split("\\.")).reversed();
        return String.join(".", parts) + "." + kind.version() + "." + kind.kind();
    }

    /**
     * Adds a kind and its list.
     *
     * @param definitions where to
     * @param kind the kind
     * @param structural its schema, not changed
     * @param selectable the fields that field selectors may name
     * @param v2 whether for version 2 of OpenAPI
     */
    static void put(Definitions definitions, Kind kind, ObjectNode structural, List<String> selectable, boolean v2) {
        ObjectNode node;
        if (structural.isEmpty() || (v2 && CustomForms.opaque(structural))) {
            // With any property named, kubectl would take all others for unknown.
            node = JsonNodeFactory.instance.objectNode().put("type", "object");
        } else {
            node = structural.deepCopy();
            CustomForms.unfold(node);
            if (v2) {
                CustomForms.simplify(node);
            }
            node.put("type", "object");
            meta(definitions, node.withObjectProperty("properties"));
            CustomForms.embed(node, v2, properties -> meta(definitions, properties));
        }
        Definitions.kind(node.putArray("x-kubernetes-group-version-kind"), kind.group(), kind.version(), kind.kind());
        ObjectNode list = list(definitions, kind);
        for (ObjectNode one : List.of(node, list)) {
            selectable.forEach(path -> one.withArrayProperty("x-kubernetes-selectable-fields")
                    .addObject()
                    .put("fieldPath", path));
        }
        definitions.put(name(kind), node);
        definitions.put(name(list(kind)), list);
    }

    private static void meta(Definitions definitions, ObjectNode properties) {
        type(definitions, properties);
        properties.set(
                "metadata",
                described(definitions.reference(Definitions.OBJECT_META), definitions.words(MODEL, "metadata")));
    }

    private static void type(Definitions definitions, ObjectNode properties) {
        for (String name : List.of("apiVersion", "kind")) {
            properties.putObject(name).put("type", "string").put("description", definitions.words(MODEL, name));
        }
    }

    static Kind list(Kind kind) {
        return new Kind(kind.group(), kind.version(), kind.kind() + "List");
    }

    private static ObjectNode list(Definitions definitions, Kind kind) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("description", "a list of " + kind.kind()).put("type", "object");
        node.putArray("required").add("items");
        ObjectNode properties = node.putObject("properties");
        type(definitions, properties);
        properties.set(
                "metadata",
                described(definitions.reference(Definitions.LIST_META), definitions.words(MODEL + "List", "metadata")));
        properties
                .putObject("items")
                .put("description", "the objects")
                .put("type", "array")
                .set("items", definitions.reference(name(kind)));
        Kind list = list(kind);
        Definitions.kind(node.putArray("x-kubernetes-group-version-kind"), list.group(), list.version(), list.kind());
        return node;
    }

    private static ObjectNode described(ObjectNode reference, String words) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("description", words);
        node.putArray("allOf").add(reference);
        return node;
    }
}
