package dev.kite.model.protobuf;

import dev.kite.model.Bytes;
import dev.kite.model.IntOrString;
import dev.kite.model.Json;
import dev.kite.model.Struct;
import dev.kite.model.json.Times;
import dev.kite.model.schema.FieldDescriptor;
import dev.kite.model.schema.ValueKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Values from generated types. */
final class StructSource implements Source {
    @Override
    public @Nullable Object field(@Nullable Object owner, FieldDescriptor field) {
        return owner == null ? null : ((Struct) owner).get(field.index());
    }

    @Override
    public List<?> items(Object list) {
        return (List<?>) list;
    }

    @Override
    @SuppressWarnings("unchecked")
    public NavigableMap<String, ?> entries(Object map) {
        return new TreeMap<>((Map<String, ?>) map);
    }

    @Override
    public String string(Object value) {
        return (String) value;
    }

    @Override
    public boolean bool(Object value) {
        return (Boolean) value;
    }

    @Override
    public long number(Object value) {
        return ((Number) value).longValue();
    }

    @Override
    public double real(Object value) {
        return (Double) value;
    }

    @Override
    public byte[] bytes(Object value) {
        return ((Bytes) value).toByteArray();
    }

    @Override
    public String quantity(Object value) {
        return value.toString();
    }

    @Override
    public IntOrString intOrString(Object value) {
        return (IntOrString) value;
    }

    @Override
    public @Nullable Instant time(Object value, ValueKind kind) {
        return value.equals(Times.ZERO) ? null : (Instant) value;
    }

    @Override
    public byte[] json(Object value) {
        return ((Json) value).toByteArray();
    }
}
