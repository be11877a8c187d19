package dev.kite.model.protobuf;

import dev.kite.model.IntOrString;
import dev.kite.model.schema.FieldDescriptor;
import dev.kite.model.schema.ValueKind;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/** Where the encoder takes values from: a tree, or generated types. Values are the source's own, opaque to the encoder. */
interface Source {
    /** A field's value, or null where it is absent; {@code owner} null is an object in which all is absent. */
    @Nullable
    Object field(@Nullable Object owner, FieldDescriptor field);

    List<?> items(Object list);

    NavigableMap<String, ?> entries(Object map);

    String string(Object value);

    boolean bool(Object value);

    long number(Object value);

    double real(Object value);

    byte[] bytes(Object value);

    /** Canonical text. */
    String quantity(Object value);

    IntOrString intOrString(Object value);

    /** Null for null. */
    @Nullable
    Instant time(Object value, ValueKind kind);

    /** Compact JSON. */
    byte[] json(Object value);
}
