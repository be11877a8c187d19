package dev.kite.model.patch;

import dev.kite.model.schema.FieldDescriptor;
import dev.kite.model.schema.Shape;
import dev.kite.model.schema.StructDescriptor;
import dev.kite.model.schema.ValueKind;
import org.jspecify.annotations.Nullable;

/**
 * What the schema knows about an object's fields: those of a type; the entries of a map of a type; nothing.
 *
 * @param type the type of the object, or of a map's values; null where nothing is known
 * @param entries whether the object is a map of them
 */
record Scope(@Nullable StructDescriptor type, boolean entries) {
    private static final Scope UNKNOWN = new Scope(null, false);

    static Scope of(StructDescriptor type) {
        return new Scope(type, false);
    }

    /** The field, where the schema has it. */
    @Nullable
    FieldDescriptor field(String name) {
        return type == null || entries ? null : type.field(name);
    }

    /** The scope within a field, or within each item of a list. */
    Scope child(String name) {
        if (entries) {
            return new Scope(type, false);
        }
        FieldDescriptor field = field(name);
        if (field == null || field.kind() != ValueKind.STRUCT) {
            return UNKNOWN;
        }
        return new Scope(field.struct(), field.shape() == Shape.MAP);
    }
}
