package dev.kite.model.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.model.json.JsonTrees;
import dev.kite.model.schema.FieldDescriptor;
import dev.kite.model.schema.ListType;
import dev.kite.model.schema.Shape;
import dev.kite.model.schema.StructDescriptor;
import dev.kite.model.schema.ValueKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A built-in type.
 *
 * @param struct the type of a struct, or of a list's or map's values; null for other values
 * @param field the field; null for a root, and for an item or entry
 * @param scalar whether it is an item or entry that is no struct
 */
record BuiltInType(
        @Nullable StructDescriptor struct, @Nullable FieldDescriptor field, boolean scalar) implements MergeType {

    @Override
    public Form form(JsonNode value) {
        if (field == null) {
            return struct == null ? Form.SCALAR : struct.atomic() ? Form.ATOMIC : Form.OBJECT;
        }
        return switch (field.shape()) {
            case SINGLE -> single(field);
            case LIST, LIST_MESSAGE ->
                field.listType() == ListType.MAP
                        ? Form.KEYED_LIST
                        : field.listType() == ListType.SET ? Form.SET : Form.ATOMIC;
            case MAP, MAP_OF_LISTS -> field.listType() == ListType.ATOMIC ? Form.ATOMIC : Form.OBJECT;
        };
    }

    private Form single(FieldDescriptor of) {
        if (of.kind() != ValueKind.STRUCT || struct == null) {
            return Form.SCALAR;
        }
        return of.atomicStruct() || struct.atomic() ? Form.ATOMIC : Form.OBJECT;
    }

    private boolean isStruct() {
        return struct != null && (field == null || field.shape() == Shape.SINGLE);
    }

    @Override
    public boolean names(String name) {
        return isStruct() && struct != null && struct.field(name) != null;
    }

    @Override
    public MergeType field(String name) {
        if (!isStruct() || struct == null) {
            return item();
        }
        FieldDescriptor inner = struct.field(name);
        return inner == null ? UntypedValue.INSTANCE : of(inner);
    }

    private static MergeType of(FieldDescriptor inner) {
        return switch (inner.kind()) {
            case RAW, JSON, FIELDS, SCHEMA_OR_BOOL, SCHEMA_OR_ARRAY, SCHEMA_OR_STRINGS ->
                inner.shape() == Shape.SINGLE ? UntypedValue.INSTANCE : new BuiltInType(null, inner, false);
            case STRUCT -> new BuiltInType(inner.struct(), inner, false);
            default -> new BuiltInType(null, inner, false);
        };
    }

    @Override
    public MergeType item() {
        if (struct != null) {
            return new BuiltInType(struct, null, false);
        }
        boolean lists = field != null && field.shape() == Shape.MAP_OF_LISTS;
        return lists ? UntypedValue.INSTANCE : new BuiltInType(null, null, true);
    }

    @Override
    public List<String> keys() {
        return field == null ? List.of() : field.mapKeys();
    }

    @Override
    public @Nullable JsonNode keyDefault(String key) {
        FieldDescriptor inner = struct == null ? null : struct.field(key);
        return inner == null || inner.defaultJson().isEmpty()
                ? null
                : JsonTrees.read(inner.defaultJson().getBytes(StandardCharsets.UTF_8));
    }
}
