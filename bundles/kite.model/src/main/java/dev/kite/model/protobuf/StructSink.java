package dev.kite.model.protobuf;

import dev.kite.model.Bytes;
import dev.kite.model.IntOrString;
import dev.kite.model.Json;
import dev.kite.model.Quantity;
import dev.kite.model.Struct;
import dev.kite.model.json.Times;
import dev.kite.model.schema.StructDescriptor;
import dev.kite.model.schema.ValueKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds generated types. */
final class StructSink implements Sink {
    @Override
    public Object string(String value) {
        return value;
    }

    @Override
    public Object bool(boolean value) {
        return value;
    }

    @Override
    public Object int32(int value) {
        return value;
    }

    @Override
    public Object int64(long value) {
        return value;
    }

    @Override
    public Object real(double value) {
        return value;
    }

    @Override
    public Object bytes(byte[] value) {
        return Bytes.of(value);
    }

    @Override
    public Object quantity(Quantity value) {
        return value;
    }

    @Override
    public Object intOrString(IntOrString value) {
        return value;
    }

    @Override
    public Object time(Instant value, ValueKind kind) {
        return value;
    }

    @Override
    public Object zeroTime() {
        return Times.ZERO;
    }

    @Override
    public Object json(byte[] value) {
        return Json.ofUtf8(value);
    }

    @Override
    public Object list(List<Object> items) {
        return items;
    }

    @Override
    public Object map(Map<String, Object> entries) {
        return entries;
    }

    @Override
    public Object struct(StructDescriptor type, @Nullable Object[] values) {
        Struct.Builder<?> builder = type.javaType().newBuilder();
        for (int i = 0; i < values.length; i++) {
            builder.set(i, values[i]);
        }
        return builder.build();
    }
}
