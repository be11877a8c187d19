package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.PatternSyntaxException;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.validation.FieldError;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a schema is structural (Kubernetes' documentation, "specifying a structural schema"). One instance a schema. */
final class Structural {
    private static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";
    private static final String EMBEDDED = "x-kubernetes-embedded-resource";
    private static final String EITHER = "x-kubernetes-int-or-string";
    private static final Set<String> META = Set.of("name", "generateName");

    private enum Level {
        ROOT("at the root"),
        ITEM("for specified array items"),
        FIELD("for specified object fields");

        private final String words;

        Level(String words) {
            this.words = words;
        }
    }

    private final List<FieldError> errors = new ArrayList<>();

    private Structural() {}

    /** What keeps a schema from being structural, in the order of its text. */
    static List<FieldError> check(JsonNode schema, String path) {
        Structural structural = new Structural();
        structural.invariants(schema, Level.ROOT, path);
        structural.complete(schema, schema, path, path);
        structural.errors.sort(Comparator.comparing(FieldError::message));
        return structural.errors;
    }

    private void invariants(JsonNode schema, Level level, String path) {
        String type = Tree.text(schema, "type");
        if (type.equals("array") && !schema.path("items").isObject()) {
            add(FieldError.Type.REQUIRED, path + ".items", null, "must be specified");
        }
        if (schema.path("items").isObject()) {
            invariants(schema.path("items"), Level.ITEM, path + ".items");
        }
        for (Map.Entry<String, JsonNode> property : Tree.fields(schema, "properties")) {
            invariants(property.getValue(), Level.FIELD, path + ".properties[" + property.getKey() + "]");
        }
        JsonNode additional = schema.path("additionalProperties");
        boolean hasAdditional = schema.hasNonNull("additionalProperties");
        if (hasAdditional && level == Level.ROOT) {
            add(FieldError.Type.FORBIDDEN, path + ".additionalProperties", null, "must not be used at the root");
        }
        if (additional.isObject()) {
            invariants(additional, Level.FIELD, path + ".additionalProperties");
        }
        extensions(schema, path);
        values(schema, saysEither(schema), saysEither(schema.at("/allOf/0")), path);
        type(schema, type, level, path);
        if (Tree.flag(schema, EMBEDDED) && hasAdditional) {
            add(
                    FieldError.Type.FORBIDDEN,
                    path + ".additionalProperties",
                    null,
                    "must not be used if " + EMBEDDED + " is set");
        }
        metadata(schema, level, path);
        if (Tree.flag(schema, EMBEDDED)
                && !Tree.flag(schema, PRESERVE)
                && schema.path("properties").isEmpty()) {
            add(
                    FieldError.Type.REQUIRED,
                    path + ".properties",
                    null,
                    "must not be empty if " + EMBEDDED + " is true without " + PRESERVE);
        }
    }

    private void type(JsonNode schema, String type, Level level, String path) {
        if (Tree.flag(schema, EMBEDDED) && !type.equals("object")) {
            add(
                    type.isEmpty() ? FieldError.Type.REQUIRED : FieldError.Type.INVALID,
                    path + ".type",
                    schema.get("type"),
                    "must be object if " + EMBEDDED + " is true");
        } else if (type.isEmpty() && !Tree.flag(schema, EITHER) && !Tree.flag(schema, PRESERVE)) {
            add(FieldError.Type.REQUIRED, path + ".type", null, "must not be empty " + level.words);
        }
        if (level == Level.ROOT && !type.isEmpty() && !type.equals("object")) {
            add(FieldError.Type.INVALID, path + ".type", schema.get("type"), "must be object at the root");
        }
    }

    private void metadata(JsonNode schema, Level level, String path) {
        if (level != Level.ROOT && !Tree.flag(schema, EMBEDDED)) {
            return;
        }
        for (String name : List.of("kind", "apiVersion")) {
            JsonNode property = schema.path("properties").path(name);
            if (property.isObject() && !Tree.text(property, "type").equals("string")) {
                add(
                        FieldError.Type.INVALID,
                        path + ".properties[" + name + "].type",
                        property.get("type"),
                        "must be string");
            }
        }
        JsonNode metadata = schema.path("properties").path("metadata");
        if (!metadata.isObject()) {
            return;
        }
        if (!Tree.text(metadata, "type").equals("object")) {
            add(FieldError.Type.INVALID, path + ".properties[metadata].type", metadata.get("type"), "must be object");
        }
        if (level == Level.ROOT) {
            ObjectNode rest = ((ObjectNode) metadata).deepCopy();
            boolean named = Tree.fields(rest, "properties").stream().allMatch(field -> META.contains(field.getKey()));
            rest.remove(List.of("type", "default"));
            if (named) {
                rest.remove("properties");
            }
            if (!rest.isEmpty()) {
                add(
                        FieldError.Type.FORBIDDEN,
                        path + ".properties[metadata]",
                        null,
                        "must not specify anything other than name and generateName, but metadata is implicitly specified");
            }
        }
    }

    private void extensions(JsonNode schema, String path) {
        if (!Tree.flag(schema, EITHER)) {
            return;
        }
        for (String other : List.of(PRESERVE, EMBEDDED)) {
            if (Tree.flag(schema, other)) {
                add(
                        FieldError.Type.INVALID,
                        path + "." + other,
                        schema.get(other),
                        "must be false if " + EITHER + " is true");
            }
        }
    }

    /** Whether anyOf says integer or string, which what is either may say. */
    private static boolean saysEither(JsonNode schema) {
        JsonNode any = schema.path("anyOf");
        return any.size() == 2
                && any.get(0).size() == 1
                && Tree.text(any.get(0), "type").equals("integer")
                && any.get(1).size() == 1
                && Tree.text(any.get(1), "type").equals("string");
    }

    private void values(JsonNode schema, boolean skipAny, boolean skipFirstAll, String path) {
        for (String junctor : List.of("anyOf", "allOf", "oneOf")) {
            if (!(schema.get(junctor) instanceof ArrayNode list) || (skipAny && junctor.equals("anyOf"))) {
                continue;
            }
            for (int i = 0; i < list.size(); i++) {
                boolean skip = skipFirstAll && i == 0 && junctor.equals("allOf");
                nested(list.get(i), skip, path + "." + junctor + "[" + i + "]");
            }
        }
        if (schema.path("not").isObject()) {
            nested(schema.path("not"), false, path + ".not");
        }
        String pattern = Tree.text(schema, "pattern");
        if (!pattern.isEmpty()) {
            try {
                Patterns.compile(pattern);
            } catch (PatternSyntaxException e) {
                add(
                        FieldError.Type.INVALID,
                        path + ".pattern",
                        schema.get("pattern"),
                        "must be a valid regular expression, but isn't: " + e.getMessage());
            }
        }
    }

    private void nested(JsonNode schema, boolean skipAny, String path) {
        values(schema, skipAny, false, path);
        if (schema.path("items").isObject()) {
            nested(schema.path("items"), false, path + ".items");
        }
        for (Map.Entry<String, JsonNode> property : Tree.fields(schema, "properties")) {
            nested(property.getValue(), false, path + ".properties[" + property.getKey() + "]");
        }
        for (String empty :
                List.of("type", "title", "description", "x-kubernetes-list-map-keys", "x-kubernetes-validations")) {
            if (!schema.path(empty).isMissingNode()
                    && !(schema.path(empty).isTextual()
                            && schema.path(empty).asText().isEmpty())) {
                add(FieldError.Type.FORBIDDEN, path + "." + empty, null, "must be empty to be structural");
            }
        }
        for (String undefined :
                List.of("additionalProperties", "default", "x-kubernetes-list-type", "x-kubernetes-map-type")) {
            if (schema.hasNonNull(undefined)) {
                add(FieldError.Type.FORBIDDEN, path + "." + undefined, null, "must be undefined to be structural");
            }
        }
        for (String flag : List.of("nullable", PRESERVE, EMBEDDED, EITHER)) {
            if (Tree.flag(schema, flag)) {
                add(FieldError.Type.FORBIDDEN, path + "." + flag, null, "must be false to be structural");
            }
        }
        if (schema.path("properties").has("metadata")) {
            add(
                    FieldError.Type.FORBIDDEN,
                    path + ".properties[metadata]",
                    null,
                    "must not be specified in a nested context");
        }
    }

    /** All that junctors speak of must be specified outside of them, too. */
    private void complete(JsonNode values, JsonNode schema, String at, String from) {
        for (String junctor : List.of("not", "allOf", "anyOf", "oneOf")) {
            JsonNode there = values.path(junctor);
            if (there.isObject()) {
                completeNested(there, schema, at, from + "." + junctor);
            }
            for (int i = 0; there.isArray() && i < there.size(); i++) {
                completeNested(there.get(i), schema, at, from + "." + junctor + "[" + i + "]");
            }
        }
    }

    private void completeNested(JsonNode values, JsonNode schema, String at, String from) {
        complete(values, schema, at, from);
        if (values.path("items").isObject()) {
            below(values.path("items"), schema.path("items"), at + ".items", from + ".items");
        }
        for (Map.Entry<String, JsonNode> property : Tree.fields(values, "properties")) {
            String step = ".properties[" + property.getKey() + "]";
            below(property.getValue(), schema.path("properties").path(property.getKey()), at + step, from + step);
        }
    }

    private void below(JsonNode values, JsonNode schema, String at, String from) {
        if (schema.isObject()) {
            completeNested(values, schema, at, from);
        } else {
            add(FieldError.Type.REQUIRED, at, null, "because it is defined in " + from);
        }
    }

    private void add(FieldError.Type type, String path, @Nullable JsonNode value, String detail) {
        errors.add(new FieldError(type, path, value, detail));
    }
}
