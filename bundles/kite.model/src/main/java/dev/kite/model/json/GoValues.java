package dev.kite.model.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.model.schema.FieldDescriptor;
import dev.kite.model.schema.Shape;
import dev.kite.model.schema.StructDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * What Kubernetes' own encoder writes for values that are absent: it follows from each field's
 * {@link dev.kite.model.schema.Presence}.
 */
public final class GoValues {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private GoValues() {}

    /** What is written where the field is absent; null for nothing. */
    public static @Nullable JsonNode whenAbsent(FieldDescriptor field) {
        return switch (field.presence()) {
            case POINTER, OMIT_ZERO -> null;
            case NULLABLE_POINTER -> NODES.nullNode();
            case VALUE -> field.shape() == Shape.SINGLE ? valueStruct(field) : null;
            case REQUIRED_VALUE -> field.shape() == Shape.SINGLE ? zero(field) : NODES.nullNode();
        };
    }

    /** Go's omitempty leaves out scalars, not structs; times and quantities are structs to it. */
    private static @Nullable JsonNode valueStruct(FieldDescriptor field) {
        return switch (field.kind()) {
            case STRUCT, QUANTITY, TIME, MICRO_TIME, INT_OR_STRING, RAW -> zero(field);
            default -> null;
        };
    }

    private static JsonNode zero(FieldDescriptor field) {
        return switch (field.kind()) {
            case STRING -> NODES.textNode("");
            case BOOL -> NODES.booleanNode(false);
            case INT32, INT64, DOUBLE, INT_OR_STRING -> NODES.numberNode(0);
            case QUANTITY -> NODES.textNode("0");
            case BYTES, TIME, MICRO_TIME, RAW, JSON, FIELDS, SCHEMA_OR_BOOL, SCHEMA_OR_ARRAY, SCHEMA_OR_STRINGS ->
                NODES.nullNode();
            case STRUCT -> emptyObject(field.struct());
        };
    }

    private static ObjectNode emptyObject(StructDescriptor type) {
        ObjectNode object = NODES.objectNode();
        for (FieldDescriptor field : type.fields()) {
            JsonNode value = whenAbsent(field);
            if (value != null) {
                object.set(field.name(), value);
            }
        }
        return object;
    }
}
