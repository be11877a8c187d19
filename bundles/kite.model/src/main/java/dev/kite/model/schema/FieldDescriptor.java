package dev.kite.model.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One field of a type. Immutable.
 *
 * @param index its place in the type's order and in generated classes
 * @param name its JSON name
 * @param number its protobuf number, within {@code embed} where there is one; 0 for apiVersion and kind
 * @param kind what its value, or each of its values, is
 * @param shape how values are arranged
 * @param presence when it is written
 * @param required whether the API requires it
 * @param embed index into {@link StructDescriptor#embeds()}, or -1: the protobuf message in which it lies
 * @param listType how apply merges it
 * @param mapKeys the keys of a list of type MAP
 * @param patchStrategies merge, replace, retainKeys: what strategic merge patch does
 * @param patchMergeKey the key by which strategic merge patch matches items; empty where there is none
 * @param defaultJson the default as JSON text; empty where there is none
 * @param atomicStruct whether apply replaces the struct as a whole
 * @param refs the table's types, for {@link #ref()}
 * @param refIndex the type of a STRUCT, or -1
 */
public record FieldDescriptor(
        int index,
        String name,
        int number,
        ValueKind kind,
        Shape shape,
        Presence presence,
        boolean required,
        int embed,
        ListType listType,
        List<String> mapKeys,
        List<String> patchStrategies,
        String patchMergeKey,
        String defaultJson,
        boolean atomicStruct,
        List<StructDescriptor> refs,
        int refIndex) {

    /** The type of a STRUCT; null for other kinds. */
    public @Nullable StructDescriptor ref() {
        return refIndex < 0 ? null : refs.get(refIndex);
    }

    /** The type of a STRUCT. */
    public StructDescriptor struct() {
        return refs.get(refIndex);
    }

    /** Whether the field is one struct. */
    public boolean isStruct() {
        return kind == ValueKind.STRUCT && shape == Shape.SINGLE;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return name + ":" + kind + (shape == Shape.SINGLE ? "" : "/" + shape);
    }
}
