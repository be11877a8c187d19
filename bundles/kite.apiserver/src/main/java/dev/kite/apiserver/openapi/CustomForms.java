package dev.kite.apiserver.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Brings structural schemas into the form in which they are published. Version 2 of OpenAPI cannot say all of them: what kubectl would misread is left out
 * there, as upstream does, so that it accepts rather than refuses. Stateless; changes trees in place.
 */
final class CustomForms {
    private static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";
    private static final String EMBEDDED = "x-kubernetes-embedded-resource";

    private CustomForms() {}

    /** Whether version 2 says nothing but that the kind is an object. */
    static boolean opaque(JsonNode root) {
        return Tree.flag(root, PRESERVE);
    }

    /** Makes a schema one of version 2. */
    static void simplify(ObjectNode schema) {
        schema.remove(List.of("allOf", "oneOf", "anyOf", "not"));
        boolean preserves = Tree.flag(schema, PRESERVE);
        boolean nullable = Tree.flag(schema, "nullable");
        dropNullableRequired(schema);
        if (nullable || preserves) {
            schema.remove(List.of("items", "properties"));
        }
        boolean untyped = nullable
                || (Tree.text(schema, "type").equals("array") && !schema.has("items"))
                || (preserves && Tree.text(schema, "type").equals("object"));
        if (untyped) {
            schema.remove("type");
        }
        schema.remove("nullable");
        below(schema, CustomForms::simplify);
    }

    private static void dropNullableRequired(ObjectNode schema) {
        if (!(schema.get("required") instanceof ArrayNode required)) {
            return;
        }
        List<String> kept = new ArrayList<>();
        for (String name : Tree.texts(schema, "required")) {
            if (!Tree.flag(schema, "properties", name, "nullable")) {
                kept.add(name);
            }
        }
        boolean all = Tree.flag(schema, "additionalProperties", "nullable");
        required.removeAll();
        kept.forEach(required::add);
        if (all || kept.isEmpty()) {
            schema.remove("required");
        }
    }

    /** Says of what is an integer or a string that it is one of the two, where its author leaves that out. */
    static void unfold(ObjectNode schema) {
        if (Tree.flag(schema, "x-kubernetes-int-or-string") && !saysBoth(schema) && !saysBoth(schema.at("/allOf/0"))) {
            ObjectNode into = schema.has("anyOf") ? schema.withArray("allOf").insertObject(0) : schema;
            ArrayNode both = into.putArray("anyOf");
            both.addObject().put("type", "integer");
            both.addObject().put("type", "string");
        }
        below(schema, CustomForms::unfold);
    }

    private static boolean saysBoth(JsonNode schema) {
        JsonNode any = schema.path("anyOf");
        return any.size() == 2
                && any.path(0).size() == 1
                && Tree.text(any.path(0), "type").equals("integer")
                && any.path(1).size() == 1
                && Tree.text(any.path(1), "type").equals("string");
    }

    /** Says of embedded objects what all objects have; in version 2 only of those whose fields are all known. */
    static void embed(ObjectNode schema, boolean v2, Consumer<ObjectNode> meta) {
        below(schema, inner -> embed(inner, v2, meta));
        if (!Tree.flag(schema, EMBEDDED) || (v2 && Tree.flag(schema, PRESERVE))) {
            return;
        }
        meta.accept(schema.withObjectProperty("properties"));
        List<String> required = Tree.texts(schema, "required");
        for (String name : List.of("kind", "apiVersion")) {
            if (!required.contains(name)) {
                schema.withArrayProperty("required").add(name);
            }
        }
    }

    private static void below(ObjectNode schema, Consumer<ObjectNode> each) {
        if (schema.get("properties") instanceof ObjectNode properties) {
            for (Map.Entry<String, JsonNode> property : properties.properties()) {
                if (property.getValue() instanceof ObjectNode inner) {
                    each.accept(inner);
                }
            }
        }
        if (schema.get("items") instanceof ObjectNode items) {
            each.accept(items);
        }
        if (schema.get("additionalProperties") instanceof ObjectNode additional) {
            each.accept(additional);
        }
    }
}
