package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.re2j.Pattern;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.validation.FieldError;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Validates a value by an OpenAPI v3 schema, as far as structural schemas allow it. What is wrong with a part that a change leaves as it was is let be, where
 * the part can be found in the old object (KEP-4008, "validation ratcheting"). One instance an object.
 */
final class SchemaValidation {
    /** Beyond this nothing more is looked for: who sent it has enough to mend. */
    private static final int MOST_ERRORS = 100;

    private static final String NOWHERE = "<nil>";

    private final Function<String, Pattern> patterns;
    private List<FieldError> errors;
    private String within = "";

    /**
     * Validates.
     *
     * @param errors is given what is wrong
     * @param patterns compiles a pattern of the schema
     */
    SchemaValidation(List<FieldError> errors, Function<String, Pattern> patterns) {
        this.errors = errors;
        this.patterns = patterns;
    }

    /** Validates a whole object; its apiVersion, kind and metadata are others' to check. */
    void root(JsonNode schema, ObjectNode object, @Nullable JsonNode old) {
        value(schema, object, "", old);
    }

    /** Validates a part of an object by itself: the words of errors call fields by their paths within it. */
    void part(JsonNode schema, JsonNode value, String path, @Nullable JsonNode old) {
        within = path;
        value(schema, value, path, old);
    }

    /**
     * Validates a value.
     *
     * @param schema its schema
     * @param value the value
     * @param path where it is, empty for the root
     * @param old the value that it takes the place of, null where there is none or none can be told
     */
    void value(JsonNode schema, JsonNode value, String path, @Nullable JsonNode old) {
        int before = errors.size();
        if (before >= MOST_ERRORS || (value.isNull() && Tree.flag(schema, "nullable"))) {
            return;
        }
        if (type(schema, value, path)) {
            allowed(schema, value, path);
            switch (value.getNodeType()) {
                case OBJECT -> object(schema, (ObjectNode) value, path, old);
                case ARRAY -> array(schema, (ArrayNode) value, path, old);
                case STRING -> text(schema, value.textValue(), value, path);
                case NUMBER -> number(schema, value, path);
                case BOOLEAN, NULL, MISSING, BINARY, POJO -> {}
            }
            combined(schema, value, path, old);
        }
        if (errors.size() > before && value.equals(old)) {
            errors.subList(before, errors.size()).clear();
        }
    }

    private boolean type(JsonNode schema, JsonNode value, String path) {
        String wanted = Tree.flag(schema, "x-kubernetes-int-or-string") ? "integer,string" : Tree.text(schema, "type");
        boolean right = switch (wanted) {
            case "integer,string" -> value.isTextual() || isWhole(value);
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "number" -> value.isNumber();
            case "integer" -> isWhole(value);
            default -> true;
        };
        if (!right) {
            String is = typeOf(value);
            add(
                    FieldError.Type.TYPE_INVALID,
                    path,
                    TextNode.valueOf(is),
                    inBody(path, "must be of type " + wanted + ": \"" + is + "\""));
        }
        return right;
    }

    private static boolean isWhole(JsonNode value) {
        return value.isIntegralNumber()
                || (value.isNumber()
                        && value.decimalValue().stripTrailingZeros().scale() <= 0);
    }

    private void allowed(JsonNode schema, JsonNode value, String path) {
        if (!(schema.get("enum") instanceof ArrayNode choices)) {
            return;
        }
        List<String> shown = new ArrayList<>();
        for (JsonNode choice : choices) {
            if (choice.equals(value)
                    || (choice.isNumber()
                            && value.isNumber()
                            && choice.decimalValue().compareTo(value.decimalValue()) == 0)) {
                return;
            }
            shown.add("\"" + (choice.isTextual() ? choice.textValue() : choice.toString()) + "\"");
        }
        add(FieldError.Type.NOT_SUPPORTED, path, value, "supported values: " + String.join(", ", shown));
    }

    private void object(JsonNode schema, ObjectNode object, String path, @Nullable JsonNode old) {
        count(schema, "maxProperties", object.size(), path, "items");
        count(schema, "minProperties", object.size(), path, "properties");
        for (String name : Tree.texts(schema, "required")) {
            if (!object.has(name)) {
                add(FieldError.Type.REQUIRED, join(path, name), null, "");
            }
        }
        // The entries of an atomic map cannot be told from those that were there before.
        JsonNode before = Tree.text(schema, "x-kubernetes-map-type").equals("atomic") ? null : old;
        JsonNode additional = schema.path("additionalProperties");
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            String name = field.getKey();
            if (path.isEmpty() && (name.equals("apiVersion") || name.equals("kind"))) {
                continue;
            }
            JsonNode property = schema.path("properties").path(name);
            boolean more = additional.isObject() && !(path.isEmpty() && name.equals("metadata"));
            JsonNode inner = property.isObject() ? property : more ? additional : null;
            if (inner != null) {
                value(inner, field.getValue(), join(path, name), before == null ? null : before.get(name));
            }
        }
    }

    private void array(JsonNode schema, ArrayNode array, String path, @Nullable JsonNode old) {
        count(schema, "maxItems", array.size(), path, "items");
        count(schema, "minItems", array.size(), path, "items");
        JsonNode items = schema.path("items");
        Correlation correlation = Correlation.of(schema, old);
        for (int i = 0; i < array.size(); i++) {
            value(items, array.get(i), path + "[" + i + "]", correlation.of(array.get(i)));
        }
    }

    private void text(JsonNode schema, String text, JsonNode value, String path) {
        int length = text.codePointCount(0, text.length());
        if (schema.has("maxLength") && length > schema.get("maxLength").asLong()) {
            add(
                    FieldError.Type.TOO_LONG,
                    path,
                    value,
                    "may not be more than " + schema.get("maxLength").asLong() + " bytes");
        }
        if (schema.has("minLength") && length < schema.get("minLength").asLong()) {
            add(
                    FieldError.Type.INVALID,
                    path,
                    value,
                    inBody(path, "should be at least " + schema.get("minLength").asLong() + " chars long"));
        }
        String pattern = Tree.text(schema, "pattern");
        if (!pattern.isEmpty() && !patterns.apply(pattern).matcher(text).find()) {
            add(FieldError.Type.INVALID, path, value, inBody(path, "should match '" + pattern + "'"));
        }
        String format = Tree.text(schema, "format");
        boolean formatted = Tree.text(schema, "type").equals("string") && !format.isEmpty();
        if (formatted && !Formats.valid(format, text)) {
            add(FieldError.Type.TYPE_INVALID, path, value, inBody(path, "must be of type " + format + ": " + value));
        }
    }

    private void number(JsonNode schema, JsonNode value, String path) {
        BigDecimal number = value.decimalValue();
        if (schema.path("maximum").isNumber()) {
            int order = number.compareTo(schema.get("maximum").decimalValue());
            boolean exclusive = Tree.flag(schema, "exclusiveMaximum");
            if (order > 0 || (exclusive && order == 0)) {
                String words = "should be less than " + (exclusive ? "" : "or equal to ");
                add(
                        FieldError.Type.INVALID,
                        path,
                        value,
                        inBody(path, words + schema.get("maximum").asText()));
            }
        }
        if (schema.path("minimum").isNumber()) {
            int order = number.compareTo(schema.get("minimum").decimalValue());
            boolean exclusive = Tree.flag(schema, "exclusiveMinimum");
            if (order < 0 || (exclusive && order == 0)) {
                String words = "should be greater than " + (exclusive ? "" : "or equal to ");
                add(
                        FieldError.Type.INVALID,
                        path,
                        value,
                        inBody(path, words + schema.get("minimum").asText()));
            }
        }
        BigDecimal step = schema.path("multipleOf").decimalValue();
        if (schema.has("multipleOf")
                && step.signum() != 0
                && number.remainder(step).signum() != 0) {
            add(
                    FieldError.Type.INVALID,
                    path,
                    value,
                    inBody(
                            path,
                            "should be a multiple of "
                                    + schema.get("multipleOf").asText()));
        }
        range(schema, value, path);
    }

    /** Numbers are of 64 bits; int32 and float say that they are of fewer. */
    private void range(JsonNode schema, JsonNode value, String path) {
        if (Tree.text(schema, "type").equals("integer")
                && Tree.text(schema, "format").equals("int32")
                && value.longValue() != value.intValue()) {
            add(
                    FieldError.Type.INVALID,
                    path,
                    value,
                    "Checked value must be of type integer with format int32 in " + inner(path));
        }
    }

    private void combined(JsonNode schema, JsonNode value, String path, @Nullable JsonNode old) {
        JsonNode all = schema.path("allOf");
        for (JsonNode each : all) {
            value(each, value, path, old);
        }
        List<FieldError> nearest = new ArrayList<>();
        if (schema.get("anyOf") instanceof ArrayNode any
                && !any.isEmpty()
                && matches(any, value, path, old, nearest) == 0) {
            composite("\"" + inner(path) + "\" must validate at least one schema (anyOf)");
            errors.addAll(nearest);
        }
        if (schema.get("oneOf") instanceof ArrayNode one && !one.isEmpty()) {
            nearest.clear();
            int valid = matches(one, value, path, old, nearest);
            if (valid != 1) {
                composite("\"" + inner(path) + "\" must validate one and only one schema (oneOf). "
                        + (valid == 0 ? "Found none valid" : "Found " + valid + " valid alternatives"));
                errors.addAll(valid == 0 ? nearest : List.of());
            }
        }
        if (schema.get("not") instanceof ObjectNode not
                && apart(not, value, path, old).isEmpty()) {
            composite("\"" + inner(path) + "\" must not validate the schema (not)");
        }
    }

    /** How many schemas a value fits; the errors of the one that it fits best where it fits none. */
    private int matches(
            ArrayNode schemas, JsonNode value, String path, @Nullable JsonNode old, List<FieldError> nearest) {
        int valid = 0;
        for (JsonNode schema : schemas) {
            List<FieldError> found = apart(schema, value, path, old);
            if (found.isEmpty()) {
                valid++;
            } else if (nearest.isEmpty() || found.size() < nearest.size()) {
                nearest.clear();
                nearest.addAll(found);
            }
        }
        return valid;
    }

    private List<FieldError> apart(JsonNode schema, JsonNode value, String path, @Nullable JsonNode old) {
        List<FieldError> kept = errors;
        List<FieldError> found = new ArrayList<>();
        errors = found;
        try {
            value(schema, value, path, old);
        } finally {
            errors = kept;
        }
        return found;
    }

    private void count(JsonNode schema, String keyword, int size, String path, String what) {
        if (!schema.path(keyword).isNumber()) {
            return;
        }
        long bound = schema.get(keyword).asLong();
        JsonNode shown = JsonNodeFactory.instance.numberNode(size);
        if (keyword.startsWith("max") && size > bound) {
            add(
                    FieldError.Type.TOO_MANY,
                    path,
                    shown,
                    "must have at most " + bound + (bound == 1 ? " item" : " items"));
        } else if (keyword.startsWith("min") && size < bound) {
            add(FieldError.Type.INVALID, path, shown, inBody(path, "should have at least " + bound + " " + what));
        }
    }

    private void composite(String detail) {
        errors.add(new FieldError(FieldError.Type.INVALID, NOWHERE, TextNode.valueOf(""), detail));
    }

    private void add(FieldError.Type type, String path, @Nullable JsonNode value, String detail) {
        errors.add(new FieldError(type, path.isEmpty() ? NOWHERE : shown(path), value, detail));
    }

    private String inBody(String path, String words) {
        return inner(path) + " in body " + words;
    }

    private String inner(String path) {
        if (within.isEmpty() || path.length() == within.length()) {
            return within.isEmpty() ? path : "";
        }
        return path.substring(within.length() + (path.charAt(within.length()) == '.' ? 1 : 0));
    }

    /** Elements of a part that is a list are, oddly, apart from it by a dot. */
    private String shown(String path) {
        String inner = inner(path);
        return within.isEmpty() || !inner.startsWith("[") ? path : within + "." + inner;
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
