package dev.kite.model.protobuf;

import dev.kite.model.IntOrString;
import dev.kite.model.Quantity;
import dev.kite.model.schema.StructDescriptor;
import dev.kite.model.schema.ValueKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the decoder puts values: into a tree, or into generated types. */
interface Sink {
    Object string(String value);

    Object bool(boolean value);

    Object int32(int value);

    Object int64(long value);

    Object real(double value);

    Object bytes(byte[] value);

    Object quantity(Quantity value);

    Object intOrString(IntOrString value);

    /** A time that is there. */
    Object time(Instant value, ValueKind kind);

    /** Go's zero time, within a list or map. */
    Object zeroTime();

    Object json(byte[] value);

    Object list(List<Object> items);

    Object map(Map<String, Object> entries);

    /** An object of these values by field index, null where absent. */
    Object struct(StructDescriptor type, @Nullable Object[] values);
}
