package dev.kite.model.protobuf;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.model.IntOrString;
import dev.kite.model.json.JsonTrees;
import dev.kite.model.schema.FieldDescriptor;
import dev.kite.model.schema.Shape;
import dev.kite.model.schema.StructDescriptor;
import dev.kite.model.schema.ValueKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/** Writes one message, as Go's generated code does: values zero or not, pointers where they point, numbers ascending. */
final class Encoder {
    private static final int MAX_DEPTH = JsonTrees.MAX_DEPTH / 2; // a message is two levels of JSON or more
    private final Source source;
    private final WireWriter out;
    private int depth;

    Encoder(Source source, WireWriter out) {
        this.source = source;
        this.out = out;
    }

    void message(Message message, @Nullable Object value) {
        if (++depth > MAX_DEPTH) {
            throw new ProtobufException("nested deeper than " + MAX_DEPTH);
        }
        List<Message.Part> parts = message.parts();
        for (int i = parts.size() - 1; i >= 0; i--) {
            Message.Part part = parts.get(i);
            FieldDescriptor field = part.field();
            if (field != null) {
                field(field, source.field(value, field));
            } else if (part.embedded() != null) {
                int position = out.position();
                message(part.embedded(), value);
                out.close(part.number(), position);
            }
        }
        depth--;
    }

    private void field(FieldDescriptor field, @Nullable Object value) {
        if (field.shape() == Shape.SINGLE) {
            if (value != null) {
                single(field, field.number(), value);
            } else if (!field.presence().isPointer()) {
                absent(field);
            }
        } else if (value != null) {
            many(field, value);
        }
    }

    private void many(FieldDescriptor field, Object value) {
        switch (field.shape()) {
            case LIST -> list(field, field.number(), value);
            case LIST_MESSAGE -> {
                int position = out.position();
                list(field, 1, value);
                out.close(field.number(), position);
            }
            default -> map(field, value);
        }
    }

    private void list(FieldDescriptor field, int number, Object value) {
        List<?> items = source.items(value);
        for (int i = items.size() - 1; i >= 0; i--) {
            single(field, number, items.get(i));
        }
    }

    private void map(FieldDescriptor field, Object value) {
        NavigableMap<String, ?> entries = source.entries(value);
        for (Map.Entry<String, ?> entry : entries.descendingMap().entrySet()) {
            int position = out.position();
            if (field.shape() == Shape.MAP_OF_LISTS) {
                list(field, 1, entry.getValue());
                out.close(2, position);
            } else {
                single(field, 2, entry.getValue());
            }
            out.stringField(1, entry.getKey());
            out.close(field.number(), position);
        }
    }

    /** A value that is not there, where Go has no way not to have one. */
    private void absent(FieldDescriptor field) {
        int number = field.number();
        switch (field.kind()) {
            case STRING -> out.stringField(number, "");
            case BOOL, INT32, INT64 -> out.varintField(number, 0);
            case DOUBLE -> real(number, 0);
            case QUANTITY -> quantity(number, "0");
            case INT_OR_STRING -> intOrString(number, IntOrString.of(0));
            case TIME, MICRO_TIME, RAW, JSON, FIELDS -> out.bytesField(number, new byte[0]);
            case STRUCT -> struct(number, field.struct(), null);
            case BYTES, SCHEMA_OR_BOOL, SCHEMA_OR_ARRAY, SCHEMA_OR_STRINGS -> {
                // nil in Go, although no pointer
            }
        }
    }

    private void single(FieldDescriptor field, int number, Object value) {
        switch (field.kind()) {
            case STRING -> out.stringField(number, source.string(value));
            case BOOL -> out.varintField(number, source.bool(value) ? 1 : 0);
            case INT32, INT64 -> out.varintField(number, source.number(value));
            case DOUBLE -> real(number, source.real(value));
            case BYTES -> out.bytesField(number, source.bytes(value));
            case QUANTITY -> quantity(number, source.quantity(value));
            case INT_OR_STRING -> intOrString(number, source.intOrString(value));
            case TIME, MICRO_TIME -> time(number, source.time(value, field.kind()));
            case RAW, JSON, FIELDS -> {
                int position = out.position();
                out.bytesField(1, source.json(value));
                out.close(number, position);
            }
            case SCHEMA_OR_BOOL, SCHEMA_OR_ARRAY, SCHEMA_OR_STRINGS ->
                schemaOr(number, field.kind(), JsonTrees.read(source.json(value)));
            case STRUCT -> struct(number, field.struct(), value);
        }
    }

    private void struct(int number, StructDescriptor type, @Nullable Object value) {
        int position = out.position();
        message(Message.of(type), value);
        out.close(number, position);
    }

    private void real(int number, double value) {
        out.fixed64(Double.doubleToRawLongBits(value));
        out.tag(number, WireWriter.FIXED64);
    }

    private void quantity(int number, String text) {
        int position = out.position();
        out.stringField(1, text);
        out.close(number, position);
    }

    private void intOrString(int number, IntOrString value) {
        int position = out.position();
        String text = value.text();
        out.stringField(3, text == null ? "" : text);
        out.varintField(2, value.number());
        out.varintField(1, text == null ? 0 : 1);
        out.close(number, position);
    }

    private void time(int number, @Nullable Instant time) {
        int position = out.position();
        if (time != null) {
            out.varintField(2, time.getNano());
            out.varintField(1, time.getEpochSecond());
        }
        out.close(number, position);
    }

    private void schemaOr(int number, ValueKind kind, JsonNode node) {
        Encoder schemas = new Encoder(new TreeSource(), out);
        schemas.depth = depth;
        int position = out.position();
        if (node.isObject()) {
            schemas.struct(kind == ValueKind.SCHEMA_OR_BOOL ? 2 : 1, Message.schemaProps(), node);
            if (kind == ValueKind.SCHEMA_OR_BOOL) {
                out.varintField(1, 1);
            }
        } else if (kind == ValueKind.SCHEMA_OR_BOOL) {
            out.varintField(1, node.booleanValue() ? 1 : 0);
        } else {
            for (int i = node.size() - 1; i >= 0; i--) {
                if (kind == ValueKind.SCHEMA_OR_STRINGS) {
                    out.stringField(2, node.get(i).asText());
                } else {
                    schemas.struct(2, Message.schemaProps(), node.get(i));
                }
            }
        }
        out.close(number, position);
    }
}
