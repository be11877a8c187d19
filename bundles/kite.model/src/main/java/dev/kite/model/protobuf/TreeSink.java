package dev.kite.model.protobuf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.model.Bytes;
import dev.kite.model.IntOrString;
import dev.kite.model.Quantity;
import dev.kite.model.json.GoValues;
import dev.kite.model.json.JsonCodecException;
import dev.kite.model.json.JsonTrees;
import dev.kite.model.json.Times;
import dev.kite.model.schema.FieldDescriptor;
import dev.kite.model.schema.StructDescriptor;
import dev.kite.model.schema.ValueKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds a Jackson tree as Kubernetes would write it: fields in order, what is always written filled in. */
final class TreeSink implements Sink {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    @Override
    public Object string(String value) {
        return NODES.textNode(value);
    }

    @Override
    public Object bool(boolean value) {
        return NODES.booleanNode(value);
    }

    @Override
    public Object int32(int value) {
        return NODES.numberNode(value);
    }

    @Override
    public Object int64(long value) {
        return JsonTrees.number(value);
    }

    @Override
    public Object real(double value) {
        return NODES.numberNode(value);
    }

    @Override
    public Object bytes(byte[] value) {
        return NODES.textNode(Bytes.of(value).base64());
    }

    @Override
    public Object quantity(Quantity value) {
        return NODES.textNode(value.toString());
    }

    @Override
    public Object intOrString(IntOrString value) {
        String text = value.text();
        return text == null ? NODES.numberNode(value.number()) : NODES.textNode(text);
    }

    @Override
    public Object time(Instant value, ValueKind kind) {
        return NODES.textNode(kind == ValueKind.TIME ? Times.seconds(value) : Times.micros(value));
    }

    @Override
    public Object zeroTime() {
        return NODES.nullNode();
    }

    @Override
    public Object json(byte[] value) {
        try {
            return JsonTrees.read(value);
        } catch (JsonCodecException e) {
            throw new ProtobufException("a raw field holds no JSON: " + e.getMessage(), e);
        }
    }

    @Override
    public Object list(List<Object> items) {
        ArrayNode array = NODES.arrayNode(items.size());
        items.forEach(item -> array.add((JsonNode) item));
        return array;
    }

    @Override
    public Object map(Map<String, Object> entries) {
        ObjectNode object = NODES.objectNode();
        entries.forEach((key, value) -> object.set(key, (JsonNode) value));
        return object;
    }

    @Override
    public Object struct(StructDescriptor type, @Nullable Object[] values) {
        ObjectNode object = NODES.objectNode();
        for (FieldDescriptor field : type.fields()) {
            Object value = values[field.index()];
            JsonNode node = value != null ? (JsonNode) value : GoValues.whenAbsent(field);
            if (node != null) {
                object.set(field.name(), node);
            }
        }
        return object;
    }
}
