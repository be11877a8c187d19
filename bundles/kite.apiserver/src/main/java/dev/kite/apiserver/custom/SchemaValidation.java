package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.validation.FieldError;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Validates a value by an OpenAPI v3 schema, as far as structural schemas allow it. One instance an object. */
final class SchemaValidation {
    private static final int MOST_ERRORS = 100;

    private final List<FieldError> errors;

    SchemaValidation(List<FieldError> errors) {
        this.errors = errors;
    }

    /** Validates a whole object; its apiVersion, kind and metadata are others' to check. */
    void root(JsonNode schema, ObjectNode object) {
        value(schema, object, "");
    }

    private void value(JsonNode schema, JsonNode value, String path) {
        if (errors.size() >= MOST_ERRORS) {
            return;
        }
        if (value.isNull() && Tree.flag(schema, "nullable")) {
            return;
        }
        if (!type(schema, value, path)) {
            return;
        }
        allowed(schema, value, path);
        switch (value.getNodeType()) {
            case OBJECT -> object(schema, (ObjectNode) value, path);
            case ARRAY -> array(schema, (ArrayNode) value, path);
            case STRING -> text(schema, value.textValue(), value, path);
            case NUMBER -> number(schema, value, path);
            case BOOLEAN, NULL, MISSING, BINARY, POJO -> {}
        }
        combined(schema, value, path);
    }

    private boolean type(JsonNode schema, JsonNode value, String path) {
        if (Tree.flag(schema, "x-kubernetes-int-or-string")) {
            if (!value.isTextual() && !value.isIntegralNumber()) {
                add(
                        FieldError.Type.INVALID,
                        path,
                        value,
                        "must be of type integer or string: \"" + typeOf(value) + "\"");
                return false;
            }
            return true;
        }
        String wanted = Tree.text(schema, "type");
        boolean right = switch (wanted) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "number" -> value.isNumber();
            case "integer" -> value.isIntegralNumber() || isWhole(value);
            default -> true;
        };
        if (!right) {
            String shown = path.isEmpty() ? "<nil>" : path;
            errors.add(new FieldError(
                    FieldError.Type.TYPE_INVALID,
                    shown,
                    TextNode.valueOf(typeOf(value)),
                    shown + " in body must be of type " + wanted + ": \"" + typeOf(value) + "\""));
        }
        return right;
    }

    private static boolean isWhole(JsonNode value) {
        return value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0;
    }

    private void allowed(JsonNode schema, JsonNode value, String path) {
        if (!(schema.get("enum") instanceof ArrayNode choices)) {
            return;
        }
        List<String> shown = new ArrayList<>();
        for (JsonNode choice : choices) {
            if (choice.equals(value)) {
                return;
            }
            shown.add(choice.isTextual() ? "\"" + choice.textValue() + "\"" : choice.toString());
        }
        add(FieldError.Type.NOT_SUPPORTED, path, value, "supported values: " + String.join(", ", shown));
    }

    private void object(JsonNode schema, ObjectNode object, String path) {
        for (String name : Tree.texts(schema, "required")) {
            if (!object.has(name)) {
                add(FieldError.Type.REQUIRED, join(path, name), null, "");
            }
        }
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            boolean others = path.isEmpty()
                    && (field.getKey().equals("metadata")
                            || field.getKey().equals("apiVersion")
                            || field.getKey().equals("kind"));
            JsonNode property = schema.path("properties").path(field.getKey());
            if (others && !field.getKey().equals("metadata")) {
                continue;
            }
            if (property.isObject()) {
                value(property, field.getValue(), join(path, field.getKey()));
            } else if (schema.path("additionalProperties").isObject() && !others) {
                value(schema.path("additionalProperties"), field.getValue(), join(path, field.getKey()));
            }
        }
        bound(schema, "maxProperties", object.size(), true, path, object, "properties");
        bound(schema, "minProperties", object.size(), false, path, object, "properties");
    }

    private void array(JsonNode schema, ArrayNode array, String path) {
        bound(schema, "maxItems", array.size(), true, path, array, "items");
        bound(schema, "minItems", array.size(), false, path, array, "items");
        JsonNode items = schema.path("items");
        for (int i = 0; i < array.size(); i++) {
            value(items, array.get(i), path + "[" + i + "]");
        }
        String listType = Tree.text(schema, "x-kubernetes-list-type");
        if (listType.equals("set") || listType.equals("map")) {
            unique(listType.equals("map") ? Tree.texts(schema, "x-kubernetes-list-map-keys") : List.of(), array, path);
        }
    }

    private void unique(List<String> keys, ArrayNode array, String path) {
        Set<Object> seen = new HashSet<>();
        for (int i = 0; i < array.size(); i++) {
            JsonNode element = array.get(i);
            Object identity =
                    keys.isEmpty() ? element : keys.stream().map(element::path).toList();
            if (!seen.add(identity)) {
                ObjectNode shown = array.objectNode();
                keys.forEach(key -> shown.set(key, element.path(key)));
                add(FieldError.Type.DUPLICATE, path + "[" + i + "]", keys.isEmpty() ? element : shown, "");
            }
        }
    }

    private void text(JsonNode schema, String text, JsonNode value, String path) {
        int length = text.codePointCount(0, text.length());
        if (schema.has("maxLength") && length > schema.get("maxLength").asLong()) {
            errors.add(new FieldError(
                    FieldError.Type.TOO_LONG,
                    path,
                    value,
                    "may not be more than " + schema.get("maxLength").asLong() + " bytes"));
        }
        if (schema.has("minLength") && length < schema.get("minLength").asLong()) {
            add(
                    FieldError.Type.INVALID,
                    path,
                    value,
                    path + " in body should be at least "
                            + schema.get("minLength").asLong() + " chars long");
        }
        String pattern = Tree.text(schema, "pattern");
        if (!pattern.isEmpty() && !matches(pattern, text)) {
            add(FieldError.Type.INVALID, path, value, path + " in body should match '" + pattern + "'");
        }
    }

    /** A pattern that Java doesn't know passes: the definition's own validation is what refuses patterns. */
    private static boolean matches(String pattern, String text) {
        try {
            return Pattern.compile(pattern).matcher(text).find();
        } catch (PatternSyntaxException _) {
            return true;
        }
    }

    private void number(JsonNode schema, JsonNode value, String path) {
        BigDecimal number = value.decimalValue();
        if (schema.path("maximum").isNumber()) {
            int order = number.compareTo(schema.get("maximum").decimalValue());
            boolean exclusive = Tree.flag(schema, "exclusiveMaximum");
            if (order > 0 || (exclusive && order == 0)) {
                add(
                        FieldError.Type.INVALID,
                        path,
                        value,
                        path + " in body should be less than " + (exclusive ? "" : "or equal to ")
                                + schema.get("maximum").asText());
            }
        }
        if (schema.path("minimum").isNumber()) {
            int order = number.compareTo(schema.get("minimum").decimalValue());
            boolean exclusive = Tree.flag(schema, "exclusiveMinimum");
            if (order < 0 || (exclusive && order == 0)) {
                add(
                        FieldError.Type.INVALID,
                        path,
                        value,
                        path + " in body should be greater than " + (exclusive ? "" : "or equal to ")
                                + schema.get("minimum").asText());
            }
        }
        if (schema.path("multipleOf").isNumber()
                && schema.get("multipleOf").decimalValue().signum() != 0
                && number.remainder(schema.get("multipleOf").decimalValue()).signum() != 0) {
            add(
                    FieldError.Type.INVALID,
                    path,
                    value,
                    path + " in body should be a multiple of "
                            + schema.get("multipleOf").asText());
        }
    }

    private void combined(JsonNode schema, JsonNode value, String path) {
        for (JsonNode each : schema.path("allOf")) {
            value(each, value, path);
        }
        if (schema.get("anyOf") instanceof ArrayNode any && !any.isEmpty() && count(any, value, path) == 0) {
            add(FieldError.Type.INVALID, path, value, path + " in body must validate at least one schema (anyOf)");
        }
        if (schema.get("oneOf") instanceof ArrayNode one && !one.isEmpty() && count(one, value, path) != 1) {
            add(FieldError.Type.INVALID, path, value, path + " in body must validate one and only one schema (oneOf)");
        }
        if (schema.get("not") instanceof ObjectNode not && valid(not, value, path)) {
            add(FieldError.Type.INVALID, path, value, path + " in body must not validate the schema (not)");
        }
    }

    private static int count(ArrayNode schemas, JsonNode value, String path) {
        int valid = 0;
        for (JsonNode schema : schemas) {
            valid += valid(schema, value, path) ? 1 : 0;
        }
        return valid;
    }

    private static boolean valid(JsonNode schema, JsonNode value, String path) {
        List<FieldError> found = new ArrayList<>();
        new SchemaValidation(found).value(schema, value, path);
        return found.isEmpty();
    }

    private void bound(
            JsonNode schema, String keyword, int size, boolean most, String path, JsonNode value, String what) {
        if (!schema.path(keyword).isNumber()) {
            return;
        }
        long bound = schema.get(keyword).asLong();
        if (most && size > bound) {
            errors.add(new FieldError(
                    FieldError.Type.TOO_MANY, path, value, size + ": must have at most " + bound + " items"));
        } else if (!most && size < bound) {
            add(FieldError.Type.INVALID, path, value, path + " in body should have at least " + bound + " " + what);
        }
    }

    private void add(
            FieldError.Type type, String path, @org.jspecify.annotations.Nullable JsonNode value, String detail) {
        errors.add(new FieldError(type, path, value, detail));
    }

    private static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "object";
            case ARRAY -> "array";
            case STRING -> "string";
            case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
            case BOOLEAN -> "boolean";
            case NULL, MISSING, BINARY, POJO -> "null";
        };
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
