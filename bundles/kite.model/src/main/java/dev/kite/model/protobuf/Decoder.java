package dev.kite.model.protobuf;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.model.IntOrString;
import dev.kite.model.Quantity;
import dev.kite.model.json.JsonTrees;
import dev.kite.model.schema.FieldDescriptor;
import dev.kite.model.schema.Presence;
import dev.kite.model.schema.Shape;
import dev.kite.model.schema.StructDescriptor;
import dev.kite.model.schema.ValueKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads one message; unknown fields are skipped. A zero that JSON leaves out is left out here too. */
final class Decoder {
    private static final int MAX_DEPTH = JsonTrees.MAX_DEPTH / 2; // a message is two levels of JSON or more
    private final Sink sink;
    private int depth;

    Decoder(Sink sink) {
        this.sink = sink;
    }

    Object struct(StructDescriptor type, WireReader in) {
        @Nullable Object[] values = new Object[type.fields().size()];
        fill(Message.of(type), in, values);
        return sink.struct(type, values);
    }

    /** As {@link #struct}, with values that the envelope holds. */
    Object topLevel(StructDescriptor type, WireReader in, String apiVersion, String kind) {
        @Nullable Object[] values = new Object[type.fields().size()];
        fill(Message.of(type), in, values);
        if (type.topLevel()) {
            values[0] = kind.isEmpty() ? null : sink.string(kind);
            values[1] = apiVersion.isEmpty() ? null : sink.string(apiVersion);
        }
        return sink.struct(type, values);
    }

    private void fill(Message message, WireReader in, @Nullable Object[] values) {
        if (++depth > MAX_DEPTH) {
            throw new ProtobufException("nested deeper than " + MAX_DEPTH);
        }
        Map<FieldDescriptor, Gathered> gathered = new HashMap<>();
        while (in.more()) {
            int tag = in.tag();
            Message.Part part = message.part(tag >>> 3);
            if (part == null) {
                in.skip(tag & 7);
            } else if (part.embedded() != null) {
                expect(tag, WireWriter.BYTES);
                fill(part.embedded(), in.message(), values);
            } else if (part.field() != null) {
                field(part.field(), tag, in, values, gathered);
            }
        }
        gathered.forEach((field, all) -> values[field.index()] = all.finish(sink, field));
        depth--;
    }

    private void field(
            FieldDescriptor field,
            int tag,
            WireReader in,
            @Nullable Object[] values,
            Map<FieldDescriptor, Gathered> gathered) {
        switch (field.shape()) {
            case SINGLE -> values[field.index()] = single(field, tag, in, field.presence());
            case LIST ->
                gathered.computeIfAbsent(field, f -> new Gathered()).items.add(required(field, tag, in));
            case LIST_MESSAGE -> {
                expect(tag, WireWriter.BYTES);
                gathered.computeIfAbsent(field, f -> new Gathered()).items.addAll(strings(in.message()));
            }
            case MAP, MAP_OF_LISTS -> {
                expect(tag, WireWriter.BYTES);
                entry(field, in.message(), gathered.computeIfAbsent(field, f -> new Gathered()).entries);
            }
        }
    }

    private void entry(FieldDescriptor field, WireReader in, Map<String, Object> entries) {
        String key = "";
        Object value = null;
        while (in.more()) {
            int tag = in.tag();
            if (tag >>> 3 == 1) {
                expect(tag, WireWriter.BYTES);
                key = in.string();
            } else if (tag >>> 3 == 2) {
                value = field.shape() == Shape.MAP_OF_LISTS
                        ? sink.list(strings(in.message()))
                        : required(field, tag, in);
            } else {
                in.skip(tag & 7);
            }
        }
        entries.put(key, value != null ? value : emptyEntry(field));
    }

    /** An entry without its value is one of the zero value. */
    private Object emptyEntry(FieldDescriptor field) {
        if (field.shape() == Shape.MAP_OF_LISTS) {
            return sink.list(List.of());
        }
        int wireType = switch (field.kind()) {
            case BOOL, INT32, INT64 -> WireWriter.VARINT;
            case DOUBLE -> WireWriter.FIXED64;
            default -> WireWriter.BYTES;
        };
        return required(field, (1 << 3) | wireType, new WireReader(new byte[8], 0, 8));
    }

    private List<Object> strings(WireReader in) {
        List<Object> items = new ArrayList<>();
        while (in.more()) {
            int tag = in.tag();
            if (tag >>> 3 == 1) {
                expect(tag, WireWriter.BYTES);
                items.add(sink.string(in.string()));
            } else {
                in.skip(tag & 7);
            }
        }
        return items;
    }

    private Object required(FieldDescriptor field, int tag, WireReader in) {
        Object value = single(field, tag, in, Presence.REQUIRED_VALUE);
        return value != null ? value : sink.zeroTime();
    }

    /** Null where JSON would not show the value. */
    private @Nullable Object single(FieldDescriptor field, int tag, WireReader in, Presence presence) {
        boolean omitZero = presence == Presence.VALUE || presence == Presence.OMIT_ZERO;
        switch (field.kind()) {
            case BOOL, INT32, INT64 -> expect(tag, WireWriter.VARINT);
            case DOUBLE -> expect(tag, WireWriter.FIXED64);
            default -> expect(tag, WireWriter.BYTES);
        }
        return switch (field.kind()) {
            case STRING -> {
                String text = in.string();
                yield omitZero && text.isEmpty() ? null : sink.string(text);
            }
            case BOOL -> {
                boolean value = in.varint() != 0;
                yield omitZero && !value ? null : sink.bool(value);
            }
            case INT32 -> {
                int value = (int) in.varint();
                yield omitZero && value == 0 ? null : sink.int32(value);
            }
            case INT64 -> {
                long value = in.varint();
                yield omitZero && value == 0 ? null : sink.int64(value);
            }
            case DOUBLE -> {
                double value = Double.longBitsToDouble(in.fixed64());
                yield omitZero && value == 0 ? null : sink.real(value);
            }
            case BYTES -> {
                byte[] value = in.bytes();
                yield omitZero && value.length == 0 ? null : sink.bytes(value);
            }
            case QUANTITY -> sink.quantity(quantity(in.message()));
            case INT_OR_STRING -> sink.intOrString(intOrString(in.message()));
            case TIME, MICRO_TIME -> time(in.message(), field.kind());
            case RAW, JSON, FIELDS -> raw(in.message());
            case SCHEMA_OR_BOOL, SCHEMA_OR_ARRAY, SCHEMA_OR_STRINGS -> schemaOr(in.message(), field.kind());
            case STRUCT -> struct(field.struct(), in.message());
        };
    }

    private static Quantity quantity(WireReader in) {
        String text = "0";
        while (in.more()) {
            int tag = in.tag();
            if (tag == ((1 << 3) | WireWriter.BYTES)) {
                text = in.string();
            } else {
                in.skip(tag & 7);
            }
        }
        try {
            return text.isEmpty() ? Quantity.ZERO : Quantity.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ProtobufException(String.valueOf(e.getMessage()), e);
        }
    }

    private static IntOrString intOrString(WireReader in) {
        long type = 0;
        long number = 0;
        String text = "";
        while (in.more()) {
            int tag = in.tag();
            switch (tag) {
                case 1 << 3 -> type = in.varint();
                case 2 << 3 -> number = in.varint();
                case (3 << 3) | WireWriter.BYTES -> text = in.string();
                default -> in.skip(tag & 7);
            }
        }
        return type == 0 ? IntOrString.of((int) number) : IntOrString.of(text);
    }

    private @Nullable Object time(WireReader in, ValueKind kind) {
        if (!in.more()) {
            return null;
        }
        long seconds = 0;
        long nanos = 0;
        while (in.more()) {
            int tag = in.tag();
            switch (tag) {
                case 1 << 3 -> seconds = in.varint();
                case 2 << 3 -> nanos = in.varint();
                default -> in.skip(tag & 7);
            }
        }
        if (Math.abs(seconds) > 1L << 40 || nanos < 0 || nanos >= 1_000_000_000) {
            throw new ProtobufException("no time: " + seconds + " seconds, " + nanos + " nanoseconds");
        }
        long kept = kind == ValueKind.TIME ? 0 : nanos / 1000 * 1000;
        return sink.time(Instant.ofEpochSecond(seconds, kept), kind);
    }

    private @Nullable Object raw(WireReader in) {
        byte[] value = new byte[0];
        while (in.more()) {
            int tag = in.tag();
            if (tag == ((1 << 3) | WireWriter.BYTES)) {
                value = in.bytes();
            } else {
                in.skip(tag & 7);
            }
        }
        if (value.length == 0) {
            return null;
        }
        return sink.json(Envelope.isEnvelope(value) ? JsonTrees.write(ProtobufCodec.decodeTree(value)) : value);
    }

    private Object schemaOr(WireReader in, ValueKind kind) {
        Decoder schemas = new Decoder(new TreeSink());
        schemas.depth = depth;
        List<Object> many = new ArrayList<>();
        JsonNode schema = null;
        boolean allows = false;
        int schemaNumber = kind == ValueKind.SCHEMA_OR_BOOL ? 2 : 1;
        while (in.more()) {
            int tag = in.tag();
            int number = tag >>> 3;
            if (number == schemaNumber && (tag & 7) == WireWriter.BYTES) {
                schema = (JsonNode) schemas.struct(Message.schemaProps(), in.message());
            } else if (number == 1 && (tag & 7) == WireWriter.VARINT) {
                allows = in.varint() != 0;
            } else if (number == 2 && (tag & 7) == WireWriter.BYTES) {
                many.add(
                        kind == ValueKind.SCHEMA_OR_STRINGS
                                ? schemas.sink.string(in.string())
                                : schemas.struct(Message.schemaProps(), in.message()));
            } else {
                in.skip(tag & 7);
            }
        }
        Object result = schema != null
                ? schema
                : kind == ValueKind.SCHEMA_OR_BOOL ? schemas.sink.bool(allows) : schemas.sink.list(many);
        return sink.json(JsonTrees.write((JsonNode) result));
    }

    private static void expect(int tag, int wireType) {
        if ((tag & 7) != wireType) {
            throw new ProtobufException("field " + (tag >>> 3) + " has wire type " + (tag & 7) + ", not " + wireType);
        }
    }

    /** A list's items or a map's entries while they come in. */
    private static final class Gathered {
        private final List<Object> items = new ArrayList<>();
        private final Map<String, Object> entries = new TreeMap<>();

        Object finish(Sink sink, FieldDescriptor field) {
            return field.shape().isList() ? sink.list(items) : sink.map(entries);
        }
    }
}
