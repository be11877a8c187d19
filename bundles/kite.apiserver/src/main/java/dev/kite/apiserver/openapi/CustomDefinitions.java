package dev.kite.apiserver.openapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.openapi.Operation.Kind;
import java.util.List;

/** Names and schemas of custom kinds and their lists. Stateless. */
final class CustomDefinitions {
    private static final String API_VERSION = "the version of the API that the object is written in: group/version";
    private static final String KIND = "the object's kind, in CamelCase";

    private CustomDefinitions() {}

    /** The group's parts from right to left, the version, the kind: com.example.v1.Thing. */
    static String name(Kind kind) {
        List<String> parts = List.of(kind.group().split("\\.")).reversed();
        return String.join(".", parts) + "." + kind.version() + "." + kind.kind();
    }

    /** Adds a kind and its list. */
    static void put(Definitions definitions, Kind kind, ObjectNode structural) {
        ObjectNode node = structural.deepCopy();
        node.put("type", "object");
        ObjectNode properties =
                node.path("properties") instanceof ObjectNode found ? found : node.putObject("properties");
        properties.putObject("apiVersion").put("type", "string").put("description", API_VERSION);
        properties.putObject("kind").put("type", "string").put("description", KIND);
        properties.set(
                "metadata", described(definitions.reference(Definitions.OBJECT_META), "standard object metadata"));
        Definitions.kind(node.putArray("x-kubernetes-group-version-kind"), kind.group(), kind.version(), kind.kind());
        definitions.put(name(kind), node);
        definitions.put(name(list(kind)), list(definitions, kind));
    }

    static Kind list(Kind kind) {
        return new Kind(kind.group(), kind.version(), kind.kind() + "List");
    }

    private static ObjectNode list(Definitions definitions, Kind kind) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("description", "a list of " + kind.kind()).put("type", "object");
        node.putArray("required").add("items");
        ObjectNode properties = node.putObject("properties");
        properties.putObject("apiVersion").put("type", "string").put("description", API_VERSION);
        properties.putObject("kind").put("type", "string").put("description", KIND);
        properties.set("metadata", described(definitions.reference(Definitions.LIST_META), "standard list metadata"));
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
