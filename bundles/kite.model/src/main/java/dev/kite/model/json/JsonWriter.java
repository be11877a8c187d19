package dev.kite.model.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kite.model.Bytes;
import dev.kite.model.IntOrString;
import dev.kite.model.Json;
import dev.kite.model.Struct;
import dev.kite.model.schema.FieldDescriptor;
import dev.kite.model.schema.StructDescriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes generated types. */
final class JsonWriter {
    private final JsonGenerator out;

    JsonWriter(JsonGenerator out) {
        this.out = out;
    }

    void document(Struct value) throws IOException {
        StructDescriptor type = value.structType().descriptor();
        out.writeStartObject();
        int from = 0;
        if (type.topLevel()) {
            // The generator puts kind and apiVersion first.
            Object kind = value.get(0);
            Object apiVersion = value.get(1);
            out.writeStringField("kind", kind == null ? type.kind() : (String) kind);
            out.writeStringField("apiVersion", apiVersion == null ? type.apiVersion() : (String) apiVersion);
            from = 2;
        }
        fields(value, type, from);
        out.writeEndObject();
    }

    private void fields(Struct value, StructDescriptor type, int from) throws IOException {
        List<FieldDescriptor> fields = type.fields();
        for (int i = from; i < fields.size(); i++) {
            Object field = value.get(i);
            if (field != null) {
                FieldDescriptor descriptor = fields.get(i);
                out.writeFieldName(descriptor.name());
                field(descriptor, field);
            }
        }
    }

    private void field(FieldDescriptor field, Object value) throws IOException {
        switch (field.shape()) {
            case SINGLE -> single(field, value);
            case LIST, LIST_MESSAGE -> {
                out.writeStartArray();
                for (Object item : (List<?>) value) {
                    single(field, item);
                }
                out.writeEndArray();
            }
            case MAP, MAP_OF_LISTS -> {
                out.writeStartObject();
                for (Map.Entry<?, ?> entry : new TreeMap<>((Map<?, ?>) value).entrySet()) {
                    out.writeFieldName((String) entry.getKey());
                    if (entry.getValue() instanceof List<?> list) {
                        strings(list);
                    } else {
                        single(field, entry.getValue());
                    }
                }
                out.writeEndObject();
            }
        }
    }

    private void strings(List<?> list) throws IOException {
        out.writeStartArray();
        for (Object item : list) {
            out.writeString((String) item);
        }
        out.writeEndArray();
    }

    private void single(FieldDescriptor field, Object value) throws IOException {
        switch (field.kind()) {
            case STRING -> out.writeString((String) value);
            case BOOL -> out.writeBoolean((Boolean) value);
            case INT32 -> out.writeNumber((Integer) value);
            case INT64 -> out.writeNumber((Long) value);
            case DOUBLE -> out.writeNumber((Double) value);
            case BYTES -> out.writeString(((Bytes) value).base64());
            case QUANTITY -> out.writeString(value.toString());
            case INT_OR_STRING -> intOrString((IntOrString) value);
            case TIME -> time(Times.seconds((Instant) value), value);
            case MICRO_TIME -> time(Times.micros((Instant) value), value);
            case RAW, JSON, FIELDS, SCHEMA_OR_BOOL, SCHEMA_OR_ARRAY, SCHEMA_OR_STRINGS ->
                out.writeRawValue(new String(((Json) value).toByteArray(), StandardCharsets.UTF_8));
            case STRUCT -> {
                Struct struct = (Struct) value;
                out.writeStartObject();
                fields(struct, struct.structType().descriptor(), 0);
                out.writeEndObject();
            }
        }
    }

    private void time(String text, Object value) throws IOException {
        if (value.equals(Times.ZERO)) {
            out.writeNull();
        } else {
            out.writeString(text);
        }
    }

    private void intOrString(IntOrString value) throws IOException {
        String text = value.text();
        if (text == null) {
            out.writeNumber(value.number());
        } else {
            out.writeString(text);
        }
    }
}
