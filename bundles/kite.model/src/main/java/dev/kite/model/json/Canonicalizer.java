package dev.kite.model.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.model.Bytes;
import dev.kite.model.Quantity;
import dev.kite.model.schema.FieldDescriptor;
import dev.kite.model.schema.Shape;
import dev.kite.model.schema.StructDescriptor;
import java.time.DateTimeException;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Copies a tree into Kubernetes' own form; see {@link GoValues#canonical}. */
final class Canonicalizer {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private final DecodeProblems problems;

    Canonicalizer(DecodeProblems problems) {
        this.problems = problems;
    }

    ObjectNode object(JsonNode node, StructDescriptor type, String path) {
        if (!node.isObject()) {
            throw wrong(path, "an object", node);
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (type.field(name) == null) {
                problems.unknownField(join(path, name));
            }
        }
        ObjectNode result = NODES.objectNode();
        for (FieldDescriptor field : type.fields()) {
            JsonNode value = node.get(field.name());
            @Nullable
            JsonNode written = value == null || value.isNull()
                    ? GoValues.whenAbsent(field)
                    : written(field, field(field, value, join(path, field.name())));
            if (written != null) {
                result.set(field.name(), written);
            }
        }
        return result;
    }

    private static @Nullable JsonNode written(FieldDescriptor field, JsonNode value) {
        return GoValues.leftOut(field, value) ? null : value;
    }

    private JsonNode field(FieldDescriptor field, JsonNode value, String path) {
        if (field.shape() == Shape.SINGLE) {
            return single(field, value, path);
        }
        return field.shape().isList() ? list(field, value, path) : map(field, value, path);
    }

    private ArrayNode list(FieldDescriptor field, JsonNode value, String path) {
        if (!value.isArray()) {
            throw wrong(path, "an array", value);
        }
        ArrayNode list = NODES.arrayNode(value.size());
        for (int i = 0; i < value.size(); i++) {
            list.add(single(field, value.get(i), path + "[" + i + "]"));
        }
        return list;
    }

    private ObjectNode map(FieldDescriptor field, JsonNode value, String path) {
        if (!value.isObject()) {
            throw wrong(path, "an object", value);
        }
        Map<String, JsonNode> sorted = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            String at = join(path, entry.getKey());
            JsonNode item =
                    field.shape() == Shape.MAP_OF_LISTS && !entry.getValue().isNull()
                            ? list(field, entry.getValue(), at)
                            : single(field, entry.getValue(), at);
            sorted.put(entry.getKey(), item);
        }
        ObjectNode map = NODES.objectNode();
        sorted.forEach(map::set);
        return map;
    }

    private JsonNode single(FieldDescriptor field, JsonNode value, String path) {
        try {
            return switch (field.kind()) {
                case STRING -> value.isNull() ? NODES.textNode("") : text(value, path, "a string");
                case BOOL ->
                    value.isBoolean() ? value : wrongOrZero(value, path, "a boolean", NODES.booleanNode(false));
                case INT32, INT64 -> whole(field, value, path);
                case DOUBLE -> value.isNumber() ? value : wrongOrZero(value, path, "a number", NODES.numberNode(0));
                case BYTES ->
                    NODES.textNode(Bytes.ofBase64(text(value, path, "base64").textValue())
                            .base64());
                case QUANTITY -> quantity(value, path);
                case INT_OR_STRING -> value.isTextual() ? value : whole(field, value, path);
                case TIME -> time(value, path, ChronoUnit.SECONDS);
                case MICRO_TIME -> time(value, path, ChronoUnit.MICROS);
                case RAW, JSON, FIELDS, SCHEMA_OR_BOOL, SCHEMA_OR_ARRAY, SCHEMA_OR_STRINGS -> value;
                case STRUCT -> object(value.isNull() ? NODES.objectNode() : value, field.struct(), path);
            };
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new JsonCodecException(path + ": " + e.getMessage(), e);
        }
    }

    private static JsonNode whole(FieldDescriptor field, JsonNode value, String path) {
        boolean whole =
                value.isIntegralNumber() || (value.isNumber() && value.doubleValue() == Math.rint(value.doubleValue()));
        if (!whole) {
            return wrongOrZero(value, path, "a whole number", NODES.numberNode(0));
        }
        boolean wide = field.kind() == dev.kite.model.schema.ValueKind.INT64;
        if (wide ? !value.canConvertToLong() : !value.canConvertToInt()) {
            throw wrong(path, wide ? "a 64-bit number" : "a 32-bit number", value);
        }
        return JsonTrees.number(value.longValue());
    }

    private static JsonNode quantity(JsonNode value, String path) {
        String text = value.isNumber()
                ? value.asText()
                : text(value, path, "a quantity").textValue();
        return NODES.textNode(Quantity.parse(text.strip()).toString());
    }

    private static JsonNode time(JsonNode value, String path, ChronoUnit unit) {
        if (value.isNull()) {
            return value;
        }
        var time = Times.parse(text(value, path, "a time").textValue(), unit);
        return NODES.textNode(unit == ChronoUnit.SECONDS ? Times.seconds(time) : Times.micros(time));
    }

    private static JsonNode text(JsonNode value, String path, String wanted) {
        if (!value.isTextual()) {
            throw wrong(path, wanted, value);
        }
        return value;
    }

    private static JsonNode wrongOrZero(JsonNode value, String path, String wanted, JsonNode zero) {
        if (value.isNull()) {
            return zero;
        }
        throw wrong(path, wanted, value);
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static JsonCodecException wrong(String path, String wanted, JsonNode found) {
        String kind = found.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
        return new JsonCodecException(
                (path.isEmpty() ? "" : path + ": ") + "expected " + wanted + ", found " + kind, null);
    }
}
