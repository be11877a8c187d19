package dev.kite.apiserver.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kite.model.Quantity;
import dev.kite.model.QuantityFormatException;
import dev.kite.model.schema.FieldDescriptor;
import dev.kite.model.schema.Presence;
import dev.kite.model.schema.Shape;
import dev.kite.model.schema.StructDescriptor;
import dev.kite.model.schema.ValueKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings a tree into the form in which Kubernetes' typed decoding and encoding leave it: unknown fields dropped and named, types checked, quantities canonical,
 * fields in order, zero values left out or written as each field wants. One instance a tree.
 */
public final class Normalizer {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final List<String> unknown = new ArrayList<>();

    /** A value is of the wrong type; the message is in Kubernetes' form. */
    public static final class MistypedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MistypedException(String message) {
            super(message, null, false, false);
        }
    }

    /** @return the paths of the unknown fields met so far, in order */
    public List<String> unknown() {
        return unknown;
    }

    /**
     * Normalizes a value of a type.
     *
     * @param type the type
     * @param value the tree, not changed
     * @return the new tree; it may share parts of free form with the old
     * @throws MistypedException if a value is of the wrong type
     */
    public ObjectNode normalize(StructDescriptor type, ObjectNode value) {
        return struct(type, value, "");
    }

    private ObjectNode struct(StructDescriptor type, ObjectNode value, String path) {
        ObjectNode out = NODES.objectNode();
        int known = 0;
        for (FieldDescriptor field : type.fields()) {
            JsonNode given = value.get(field.name());
            known += given == null ? 0 : 1;
            JsonNode normal = given == null || given.isNull() ? null : field(type, field, given, path);
            JsonNode written = normal == null ? absent(field) : isZero(normal) ? zero(field, normal) : normal;
            if (written != null) {
                out.set(field.name(), written);
            }
        }
        if (known < value.size()) {
            noteUnknown(type, value, path);
        }
        return out;
    }

    private void noteUnknown(StructDescriptor type, ObjectNode value, String path) {
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            if (type.field(field.getKey()) == null) {
                unknown.add(join(path, field.getKey()));
            }
        }
    }

    /** What is written for a field that has no value. */
    private @Nullable JsonNode absent(FieldDescriptor field) {
        return switch (field.presence()) {
            case POINTER, OMIT_ZERO -> null;
            case NULLABLE_POINTER -> NullNode.getInstance();
            case VALUE -> field.isStruct() ? struct(field.struct(), NODES.objectNode(), "") : null;
            case REQUIRED_VALUE -> required(field);
        };
    }

    private JsonNode required(FieldDescriptor field) {
        if (field.shape() != Shape.SINGLE) {
            return NullNode.getInstance();
        }
        return switch (field.kind()) {
            case STRING -> TextNode.valueOf("");
            case BOOL -> NODES.booleanNode(false);
            case INT32, INT64, DOUBLE -> NODES.numberNode(0);
            case QUANTITY -> TextNode.valueOf("0");
            case INT_OR_STRING -> NODES.numberNode(0);
            case STRUCT -> struct(field.struct(), NODES.objectNode(), "");
            case BYTES, TIME, MICRO_TIME, RAW, JSON, FIELDS, SCHEMA_OR_BOOL, SCHEMA_OR_ARRAY, SCHEMA_OR_STRINGS ->
                NullNode.getInstance();
        };
    }

    /** What is written for a field whose value is zero. */
    private static @Nullable JsonNode zero(FieldDescriptor field, JsonNode value) {
        if (field.shape() != Shape.SINGLE) {
            // An empty list or map behind omitempty goes, whatever the field is; a required one stays as it is.
            return field.presence() == Presence.REQUIRED_VALUE || field.presence() == Presence.NULLABLE_POINTER
                    ? value
                    : field.presence().isPointer() ? value : null;
        }
        if (field.presence().isPointer() || field.presence() == Presence.REQUIRED_VALUE) {
            return value;
        }
        return field.kind() == ValueKind.STRUCT && field.presence() == Presence.VALUE ? value : null;
    }

    private static boolean isZero(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> value.textValue().isEmpty();
            case NUMBER -> value.isIntegralNumber() ? value.longValue() == 0 : value.doubleValue() == 0;
            case BOOLEAN -> !value.booleanValue();
            case ARRAY, OBJECT -> value.isEmpty();
            case NULL, MISSING, BINARY, POJO -> true;
        };
    }

    private JsonNode field(StructDescriptor type, FieldDescriptor field, JsonNode given, String path) {
        String here = join(path, field.name());
        if (field.shape().isList()) {
            return list(type, field, given, here);
        }
        if (field.shape().isMap()) {
            return map(type, field, given, here);
        }
        return value(type, field, given, here);
    }

    private JsonNode list(StructDescriptor type, FieldDescriptor field, JsonNode given, String here) {
        if (!(given instanceof ArrayNode array)) {
            throw mistyped(type, field, given, "[]" + goType(field));
        }
        ArrayNode out = NODES.arrayNode(array.size());
        for (int i = 0; i < array.size(); i++) {
            JsonNode element = array.get(i);
            String at = here + "[" + i + "]";
            out.add(element.isNull() ? emptyElement(field) : value(type, field, element, at));
        }
        return out;
    }

    private JsonNode map(StructDescriptor type, FieldDescriptor field, JsonNode given, String here) {
        if (!(given instanceof ObjectNode object)) {
            throw mistyped(type, field, given, "map[string]" + goType(field));
        }
        ObjectNode out = NODES.objectNode();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            JsonNode element = entry.getValue();
            if (field.shape() == Shape.MAP_OF_LISTS) {
                out.set(entry.getKey(), list(type, field, element, join(here, entry.getKey())));
            } else if (element.isNull()) {
                out.set(entry.getKey(), emptyElement(field));
            } else {
                out.set(entry.getKey(), value(type, field, element, join(here, entry.getKey())));
            }
        }
        return out;
    }

    /** A null among a list's or map's values reads as the zero value, as Go does it. */
    private JsonNode emptyElement(FieldDescriptor field) {
        return required(field);
    }

    private JsonNode value(StructDescriptor type, FieldDescriptor field, JsonNode given, String here) {
        return switch (field.kind()) {
            case STRING, MICRO_TIME, TIME, BYTES -> {
                if (!given.isTextual()) {
                    throw mistyped(type, field, given, goType(field));
                }
                yield TextForms.canonical(field.kind(), given);
            }
            case BOOL -> {
                if (!given.isBoolean()) {
                    throw mistyped(type, field, given, "bool");
                }
                yield given;
            }
            case INT32, INT64 -> integer(type, field, given);
            case DOUBLE -> {
                if (!given.isNumber()) {
                    throw mistyped(type, field, given, "float64");
                }
                yield given;
            }
            case QUANTITY -> quantity(given);
            case INT_OR_STRING -> {
                if (!given.isTextual() && !given.canConvertToInt()) {
                    throw mistyped(type, field, given, "intstr.IntOrString");
                }
                yield given;
            }
            case STRUCT -> {
                if (!(given instanceof ObjectNode object)) {
                    throw mistyped(type, field, given, goType(field));
                }
                yield struct(field.struct(), object, here);
            }
            case RAW, JSON, FIELDS, SCHEMA_OR_BOOL, SCHEMA_OR_ARRAY, SCHEMA_OR_STRINGS -> given;
        };
    }

    private static JsonNode integer(StructDescriptor type, FieldDescriptor field, JsonNode given) {
        boolean fits = field.kind() == ValueKind.INT32 ? given.canConvertToInt() : given.canConvertToLong();
        if (!given.isNumber() || !given.canConvertToExactIntegral() || !fits) {
            throw mistyped(type, field, given, goType(field));
        }
        return given.isIntegralNumber() ? given : NODES.numberNode(given.longValue());
    }

    private static JsonNode quantity(JsonNode given) {
        if (!given.isTextual() && !given.isNumber()) {
            throw new MistypedException(
                    "quantities must match the regular expression" + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
        }
        try {
            return TextNode.valueOf(Quantity.parse(given.asText()).toString());
        } catch (QuantityFormatException _) {
            throw new MistypedException(
                    "quantities must match the regular expression" + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
        }
    }

    /**
     * A refusal of a value of the wrong type.
     *
     * @param message in Kubernetes' form
     * @return the refusal
     */
    public static MistypedException mistyped(String message) {
        return new MistypedException(message);
    }

    private static MistypedException mistyped(
            StructDescriptor type, FieldDescriptor field, JsonNode given, String wanted) {
        return new MistypedException("json: cannot unmarshal " + jsonType(given) + " into Go struct field "
                + type.kind() + "." + field.name() + " of type " + wanted);
    }

    private static String jsonType(JsonNode given) {
        JsonNodeType type = given.getNodeType();
        return switch (type) {
            case STRING -> "string";
            case NUMBER -> given.isIntegralNumber() ? "number" : "number " + given.asText();
            case BOOLEAN -> "bool";
            case ARRAY -> "array";
            case OBJECT -> "object";
            case NULL, MISSING, BINARY, POJO -> "null";
        };
    }

    /** The name of a field's type as Kubernetes' error messages have it. */
    private static String goType(FieldDescriptor field) {
        return switch (field.kind()) {
            case STRING -> "string";
            case BOOL -> "bool";
            case INT32 -> "int32";
            case INT64 -> "int64";
            case DOUBLE -> "float64";
            case BYTES -> "[]uint8";
            case QUANTITY -> "resource.Quantity";
            case INT_OR_STRING -> "intstr.IntOrString";
            case TIME -> "v1.Time";
            case MICRO_TIME -> "v1.MicroTime";
            case RAW, JSON -> "runtime.RawExtension";
            case FIELDS -> "v1.FieldsV1";
            case SCHEMA_OR_BOOL, SCHEMA_OR_ARRAY, SCHEMA_OR_STRINGS -> "apiextensions.JSONSchemaProps";
            case STRUCT -> field.struct().version() + "." + field.struct().kind();
        };
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
