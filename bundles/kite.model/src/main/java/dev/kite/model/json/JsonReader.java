package dev.kite.model.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.kite.model.Bytes;
import dev.kite.model.IntOrString;
import dev.kite.model.Json;
import dev.kite.model.Quantity;
import dev.kite.model.QuantityFormatException;
import dev.kite.model.Struct;
import dev.kite.model.StructType;
import dev.kite.model.schema.FieldDescriptor;
import dev.kite.model.schema.StructDescriptor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads generated types; used once. */
final class JsonReader {
    /** One for all: what repeats, repeats across objects. */
    private static final StringPool STRINGS = new StringPool(8192);

    private final JsonParser in;
    private final DecodeProblems problems;

    JsonReader(JsonParser in, DecodeProblems problems) {
        this.in = in;
        this.problems = problems;
    }

    <T extends Struct> T document(StructType<T> type) throws IOException {
        if (in.nextToken() != JsonToken.START_OBJECT) {
            throw mismatch("an object");
        }
        T value = struct(type);
        if (in.nextToken() != null) {
            throw new JsonCodecException("more than one JSON value", null);
        }
        return value;
    }

    private <T extends Struct> T struct(StructType<T> type) throws IOException {
        StructDescriptor descriptor = type.descriptor();
        Struct.Builder<T> builder = type.newBuilder();
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            FieldDescriptor field = descriptor.field(name);
            JsonToken token = in.nextToken();
            if (field == null) {
                problems.unknownField(path());
                in.skipChildren();
                continue;
            }
            if (builder.peek(field.index()) != null) {
                problems.duplicateField(path());
            }
            builder.set(field.index(), token == JsonToken.VALUE_NULL ? null : field(field));
        }
        return builder.build();
    }

    private Object field(FieldDescriptor field) throws IOException {
        return switch (field.shape()) {
            case SINGLE -> single(field);
            case LIST, LIST_MESSAGE -> list(field);
            case MAP -> map(field, false);
            case MAP_OF_LISTS -> map(field, true);
        };
    }

    private List<Object> list(FieldDescriptor field) throws IOException {
        if (in.currentToken() != JsonToken.START_ARRAY) {
            throw mismatch("an array");
        }
        List<Object> list = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            Object item = in.currentToken() == JsonToken.VALUE_NULL ? zero(field) : single(field);
            list.add(item);
        }
        return list;
    }

    private Map<String, Object> map(FieldDescriptor field, boolean ofLists) throws IOException {
        if (in.currentToken() != JsonToken.START_OBJECT) {
            throw mismatch("an object");
        }
        Map<String, Object> map = new LinkedHashMap<>();
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            JsonToken token = in.nextToken();
            Object value = token == JsonToken.VALUE_NULL
                    ? ofLists ? List.of() : zero(field)
                    : ofLists ? list(field) : single(field);
            if (map.put(STRINGS.pool(name), value) != null) {
                problems.duplicateField(path());
            }
        }
        return map;
    }

    /** What null stands for inside a list or map: Go's zero value. */
    private Object zero(FieldDescriptor field) {
        return switch (field.kind()) {
            case STRING -> "";
            case BOOL -> false;
            case INT32 -> 0;
            case INT64 -> 0L;
            case DOUBLE -> 0.0;
            case BYTES -> Bytes.EMPTY;
            case QUANTITY -> Quantity.ZERO;
            case INT_OR_STRING -> IntOrString.of(0);
            case TIME, MICRO_TIME -> Times.ZERO;
            case RAW, JSON, FIELDS, SCHEMA_OR_BOOL, SCHEMA_OR_ARRAY, SCHEMA_OR_STRINGS -> Json.of("null");
            case STRUCT -> field.struct().javaType().empty();
        };
    }

    private Object single(FieldDescriptor field) throws IOException {
        try {
            return switch (field.kind()) {
                case STRING -> STRINGS.pool(text("a string"));
                case BOOL -> bool();
                case INT32 -> in.currentToken() == JsonToken.VALUE_NUMBER_INT ? in.getIntValue() : wholeInt();
                case INT64 -> in.currentToken() == JsonToken.VALUE_NUMBER_INT ? in.getLongValue() : wholeLong();
                case DOUBLE -> number();
                case BYTES -> Bytes.ofBase64(text("base64"));
                case QUANTITY -> quantity();
                case INT_OR_STRING -> intOrString();
                case TIME -> Times.parse(text("a time"), ChronoUnit.SECONDS);
                case MICRO_TIME -> Times.parse(text("a time"), ChronoUnit.MICROS);
                case RAW, JSON, FIELDS, SCHEMA_OR_BOOL, SCHEMA_OR_ARRAY, SCHEMA_OR_STRINGS -> raw();
                case STRUCT -> {
                    if (in.currentToken() != JsonToken.START_OBJECT) {
                        throw mismatch("an object");
                    }
                    yield struct(field.struct().javaType());
                }
            };
        } catch (QuantityFormatException | DateTimeException e) {
            throw new JsonCodecException(path() + ": " + e.getMessage(), e);
        } catch (JsonProcessingException e) {
            throw new JsonCodecException(path() + ": " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new JsonCodecException(path() + ": illegal base64 data", e);
        }
    }

    private String text(String what) throws IOException {
        if (in.currentToken() != JsonToken.VALUE_STRING) {
            throw mismatch(what);
        }
        return in.getText();
    }

    private boolean bool() {
        JsonToken token = in.currentToken();
        if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
            throw mismatch("a boolean");
        }
        return token == JsonToken.VALUE_TRUE;
    }

    private double number() throws IOException {
        JsonToken token = in.currentToken();
        if (token != JsonToken.VALUE_NUMBER_FLOAT && token != JsonToken.VALUE_NUMBER_INT) {
            throw mismatch("a number");
        }
        return in.getDoubleValue();
    }

    /** Numbers such as 3.0, which tools write for whole ones. */
    private int wholeInt() throws IOException {
        return Math.toIntExact(wholeLong());
    }

    private long wholeLong() throws IOException {
        double value = number();
        if (value != Math.rint(value) || Math.abs(value) > 1L << 53) {
            throw mismatch("a whole number");
        }
        return (long) value;
    }

    private Quantity quantity() throws IOException {
        JsonToken token = in.currentToken();
        if (token == JsonToken.VALUE_STRING) {
            return Quantity.parse(in.getText().strip());
        }
        if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
            return Quantity.parse(in.getText());
        }
        throw mismatch("a quantity");
    }

    private IntOrString intOrString() throws IOException {
        return in.currentToken() == JsonToken.VALUE_NUMBER_INT
                ? IntOrString.of(in.getIntValue())
                : IntOrString.of(STRINGS.pool(text("a number or a string")));
    }

    private Json raw() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator copy = Streams.FACTORY.createGenerator(bytes)) {
            copy.copyCurrentStructureExact(in);
        }
        return Json.ofUtf8(bytes.toByteArray());
    }

    private JsonCodecException mismatch(String wanted) {
        JsonToken token = in.currentToken();
        String where = path();
        String found = token == null ? "nothing" : describe(token);
        return new JsonCodecException(
                (where.isEmpty() ? "" : where + ": ") + "expected " + wanted + ", found " + found, null);
    }

    private static String describe(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_NULL -> "null";
            case FIELD_NAME, END_OBJECT, END_ARRAY, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> "something else";
        };
    }

    /** The parser's place as {@code spec.containers[0].name}. */
    private String path() {
        StringBuilder path = new StringBuilder();
        for (@Nullable JsonPointer at = in.getParsingContext().pathAsPointer();
                at != null && !at.matches();
                at = at.tail()) {
            if (at.getMatchingIndex() >= 0) {
                path.append('[').append(at.getMatchingIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(at.getMatchingProperty());
            }
        }
        return path.toString();
    }
}
