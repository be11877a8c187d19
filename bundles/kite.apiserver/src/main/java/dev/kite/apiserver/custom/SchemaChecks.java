package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.validation.FieldError;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What schemas of custom kinds may not have, beside being structural (apiextensions.k8s.io/v1). One instance a schema. */
final class SchemaChecks {
    private static final List<String> TYPES = List.of("array", "boolean", "integer", "number", "object", "string");
    private static final List<String> UNSUPPORTED =
            List.of("id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref");
    private static final Set<String> META = Set.of("metadata", "kind", "apiVersion");
    private static final List<String> REASONS =
            List.of("FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired");
    private static final String LIST = "x-kubernetes-list-type";
    private static final String KEYS = "x-kubernetes-list-map-keys";
    private static final String MAP = "x-kubernetes-map-type";

    private final List<FieldError> errors;

    SchemaChecks(List<FieldError> errors) {
        this.errors = errors;
    }

    /** Where a schema stands: inside a resource's metadata, and why defaults may not be set, empty where they may. */
    private record Context(boolean meta, String noDefaults) {}

    /** Checks a kind's schema. */
    void root(JsonNode schema, String path) {
        if (Tree.flag(schema, "nullable")) {
            add(FieldError.Type.FORBIDDEN, path + ".nullable", null, "nullable cannot be true at the root");
        }
        schema(schema, path, true, new Context(false, ""));
    }

    private void schema(JsonNode schema, String path, boolean root, Context context) {
        constructs(schema, path, context);
        below(schema, path, root, context);
        maps(schema, path);
        lists(schema, path);
        rules(schema, path + ".x-kubernetes-validations");
    }

    private void constructs(JsonNode schema, String path, Context context) {
        String type = Tree.text(schema, "type");
        if (type.equals("null")) {
            add(
                    FieldError.Type.FORBIDDEN,
                    path + ".type",
                    null,
                    "type cannot be set to null, use nullable as an alternative");
        }
        if (!type.isEmpty() && !TYPES.contains(type)) {
            unsupported(path + ".type", schema.get("type"), TYPES);
        }
        if (schema.has("default") && !context.noDefaults().isEmpty()) {
            add(FieldError.Type.FORBIDDEN, path + ".default", null, "must not be set " + context.noDefaults());
        }
        for (String name : UNSUPPORTED) {
            if (schema.hasNonNull(name)) {
                add(FieldError.Type.FORBIDDEN, path + "." + name, null, name + " is not supported");
            }
        }
        if (schema.path("items").isArray()) {
            add(FieldError.Type.FORBIDDEN, path + ".items", null, "items must be a schema object and not an array");
        }
        if (context.meta() && Tree.flag(schema, "x-kubernetes-embedded-resource")) {
            add(
                    FieldError.Type.FORBIDDEN,
                    path + ".x-kubernetes-embedded-resource",
                    null,
                    "must not be used inside of resource meta");
        }
        if (Tree.flag(schema, "uniqueItems")) {
            add(
                    FieldError.Type.FORBIDDEN,
                    path + ".uniqueItems",
                    null,
                    "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
        }
        JsonNode additional = schema.path("additionalProperties");
        boolean restricts = additional.isObject() || (additional.isBoolean() && !additional.booleanValue());
        if (restricts && !schema.path("properties").isEmpty()) {
            add(
                    FieldError.Type.FORBIDDEN,
                    path + ".additionalProperties",
                    null,
                    "additionalProperties and properties are mutual exclusive");
        }
        JsonNode preserve = schema.path("x-kubernetes-preserve-unknown-fields");
        if (preserve.isBoolean() && !preserve.booleanValue()) {
            add(
                    FieldError.Type.INVALID,
                    path + ".x-kubernetes-preserve-unknown-fields",
                    preserve,
                    "must be true or undefined");
        }
    }

    private void below(JsonNode schema, String path, boolean root, Context context) {
        if (schema.path("additionalProperties").isObject()) {
            Context inner = context.meta()
                    ? new Context(true, "inside additionalProperties applying to object metadata")
                    : context;
            schema(schema.path("additionalProperties"), path + ".additionalProperties", false, inner);
        }
        boolean resource = root || Tree.flag(schema, "x-kubernetes-embedded-resource");
        for (Map.Entry<String, JsonNode> property : Tree.fields(schema, "properties")) {
            boolean meta = resource && META.contains(property.getKey());
            String why = meta && root ? "in top-level " + property.getKey() : context.noDefaults();
            Context inner = meta ? new Context(true, why) : context;
            schema(property.getValue(), path + ".properties[" + property.getKey() + "]", false, inner);
        }
        if (schema.path("items").isObject()) {
            schema(schema.path("items"), path + ".items", false, context);
        }
        if (schema.path("not").isObject()) {
            schema(schema.path("not"), path + ".not", false, context);
        }
        for (String junctor : List.of("allOf", "oneOf", "anyOf")) {
            for (int i = 0; i < schema.path(junctor).size(); i++) {
                schema(schema.path(junctor).get(i), path + "." + junctor + "[" + i + "]", false, context);
            }
        }
    }

    private void maps(JsonNode schema, String path) {
        if (!schema.has(MAP)) {
            return;
        }
        mustBe(schema, "object", path, MAP);
        if (!List.of("atomic", "granular").contains(Tree.text(schema, MAP))) {
            unsupported(path + "." + MAP, schema.get(MAP), List.of("atomic", "granular"));
        }
    }

    private void mustBe(JsonNode schema, String type, String path, String because) {
        String is = Tree.text(schema, "type");
        if (!is.equals(type)) {
            add(
                    is.isEmpty() ? FieldError.Type.REQUIRED : FieldError.Type.INVALID,
                    path + ".type",
                    schema.get("type"),
                    "must be " + type + " if " + because + " is specified");
        }
    }

    private void lists(JsonNode schema, String path) {
        String type = Tree.text(schema, LIST);
        JsonNode items = schema.path("items");
        if (schema.has(LIST)) {
            mustBe(schema, "array", path, LIST);
            if (!List.of("atomic", "set", "map").contains(type)) {
                unsupported(path + "." + LIST, schema.get(LIST), List.of("atomic", "set", "map"));
            }
        }
        if (type.equals("set")) {
            set(items, path + ".items");
        }
        if (!schema.path(KEYS).isEmpty() && !type.equals("map")) {
            add(
                    type.isEmpty() ? FieldError.Type.REQUIRED : FieldError.Type.INVALID,
                    path + "." + LIST,
                    schema.get(LIST),
                    "must be map if " + KEYS + " is non-empty");
        }
        if (type.equals("map")) {
            map(schema, items, path);
        }
        if ((type.equals("map") || type.equals("set")) && Tree.flag(items, "nullable")) {
            add(
                    FieldError.Type.FORBIDDEN,
                    path + ".items.nullable",
                    null,
                    "cannot be nullable when " + LIST + " is " + type);
        }
    }

    private void set(JsonNode items, String path) {
        String words = "must be atomic as item of a list with " + LIST + "=set";
        String inner = Tree.text(items, LIST);
        if (Tree.text(items, "type").equals("array") && !inner.isEmpty() && !inner.equals("atomic")) {
            add(FieldError.Type.INVALID, path + "." + LIST, items.get(LIST), words);
        }
        if (Tree.text(items, "type").equals("object") && !Tree.text(items, MAP).equals("atomic")) {
            add(FieldError.Type.INVALID, path + "." + MAP, items.get(MAP), words);
        }
    }

    private void map(JsonNode schema, JsonNode items, String path) {
        List<String> keys = Tree.texts(schema, KEYS);
        if (keys.isEmpty()) {
            add(FieldError.Type.REQUIRED, path + "." + KEYS, null, "must not be empty if " + LIST + " is map");
        }
        if (!items.isObject()) {
            add(FieldError.Type.REQUIRED, path + ".items", null, "must have a schema if " + LIST + " is map");
            return;
        }
        if (!Tree.text(items, "type").equals("object")) {
            add(
                    FieldError.Type.INVALID,
                    path + ".items.type",
                    items.get("type"),
                    "must be object if parent array's " + LIST + " is map");
            return;
        }
        List<String> required = Tree.texts(items, "required");
        Set<String> seen = new HashSet<>();
        for (String key : keys) {
            JsonNode property = items.path("properties").path(key);
            String at = path + ".items.properties[" + key + "]";
            if (!property.isObject()) {
                add(
                        FieldError.Type.INVALID,
                        path + "." + KEYS,
                        schema.get(KEYS),
                        "entries must all be names of item properties");
            } else {
                if (List.of("array", "object").contains(Tree.text(property, "type"))) {
                    add(
                            FieldError.Type.INVALID,
                            at + ".type",
                            items.get("type"),
                            "must be a scalar type if parent array's " + LIST + " is map");
                }
                if (!required.contains(key) && !property.has("default")) {
                    add(
                            FieldError.Type.REQUIRED,
                            at + ".default",
                            null,
                            "this property is in " + KEYS + ", so it must have a default or be a required property");
                }
                if (Tree.flag(property, "nullable")) {
                    add(
                            FieldError.Type.FORBIDDEN,
                            at + ".nullable",
                            null,
                            "this property is in " + KEYS + ", so it cannot be nullable");
                }
            }
            if (!seen.add(key)) {
                add(FieldError.Type.INVALID, path + "." + KEYS, schema.get(KEYS), "must not contain duplicate entries");
            }
        }
    }

    private void rules(JsonNode schema, String path) {
        JsonNode rules = schema.path("x-kubernetes-validations");
        for (int i = 0; i < rules.size(); i++) {
            rule(schema, rules.get(i), path + "[" + i + "]");
        }
    }

    private void rule(JsonNode schema, JsonNode rule, String path) {
        String text = Tree.text(rule, "rule").strip();
        String message = Tree.text(rule, "message");
        if (text.isEmpty()) {
            add(FieldError.Type.REQUIRED, path + ".rule", null, "rule is not specified");
        } else if (!message.isEmpty() && message.isBlank()) {
            add(FieldError.Type.INVALID, path + ".message", rule.get("message"), "must be non-empty if specified");
        } else if (lines(message.strip())) {
            add(FieldError.Type.INVALID, path + ".message", rule.get("message"), "must not contain line breaks");
        } else if (lines(text) && message.isBlank()) {
            add(
                    FieldError.Type.REQUIRED,
                    path + ".message",
                    null,
                    "message must be specified if rule contains line breaks");
        }
        String expression = Tree.text(rule, "messageExpression");
        if (!expression.isEmpty() && expression.isBlank()) {
            add(
                    FieldError.Type.REQUIRED,
                    path + ".messageExpression",
                    null,
                    "messageExpression must be non-empty if specified");
        }
        if (rule.has("reason") && !REASONS.contains(Tree.text(rule, "reason"))) {
            unsupported(path + ".reason", rule.get("reason"), REASONS);
        }
        String field = Tree.text(rule, "fieldPath");
        if (!field.isEmpty() && field.isBlank()) {
            add(FieldError.Type.INVALID, path + ".fieldPath", rule.get("fieldPath"), "must be non-empty if specified");
        }
        if (lines(field)) {
            add(FieldError.Type.INVALID, path + ".fieldPath", rule.get("fieldPath"), "must not contain line breaks");
        }
        if (!field.isEmpty() && FieldPaths.normal(field, schema) == null) {
            add(FieldError.Type.INVALID, path + ".fieldPath", rule.get("fieldPath"), "must be a valid path");
        }
    }

    private static boolean lines(String text) {
        return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
    }

    private void unsupported(String path, JsonNode value, List<String> known) {
        List<String> quoted = known.stream().map(one -> "\"" + one + "\"").toList();
        add(FieldError.Type.NOT_SUPPORTED, path, value, "supported values: " + String.join(", ", quoted));
    }

    private void add(FieldError.Type type, String path, @Nullable JsonNode value, String detail) {
        errors.add(new FieldError(type, path, value == null ? TextNode.valueOf("") : value, detail));
    }
}
