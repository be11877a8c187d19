package dev.kite.model.protobuf;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.model.Bytes;
import dev.kite.model.IntOrString;
import dev.kite.model.Quantity;
import dev.kite.model.json.JsonTrees;
import dev.kite.model.json.Times;
import dev.kite.model.schema.FieldDescriptor;
import dev.kite.model.schema.ValueKind;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Values from a Jackson tree. */
final class TreeSource implements Source {
    @Override
    public @Nullable Object field(@Nullable Object owner, FieldDescriptor field) {
        if (owner == null || ((JsonNode) owner).isNull()) {
            return null;
        }
        JsonNode node = (JsonNode) owner;
        if (!node.isObject()) {
            throw wrong("an object", node);
        }
        JsonNode value = node.get(field.name());
        return value == null || value.isNull() ? null : value;
    }

    @Override
    public List<?> items(Object list) {
        JsonNode node = (JsonNode) list;
        if (!node.isArray()) {
            throw wrong("an array", node);
        }
        List<JsonNode> items = new ArrayList<>(node.size());
        node.forEach(items::add);
        return items;
    }

    @Override
    public NavigableMap<String, ?> entries(Object map) {
        JsonNode node = (JsonNode) map;
        if (!node.isObject()) {
            throw wrong("an object", node);
        }
        NavigableMap<String, JsonNode> entries = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            entries.put(entry.getKey(), entry.getValue());
        }
        return entries;
    }

    @Override
    public String string(Object value) {
        JsonNode node = (JsonNode) value;
        if (node.isNull()) {
            return "";
        }
        if (!node.isTextual()) {
            throw wrong("a string", node);
        }
        return node.textValue();
    }

    @Override
    public boolean bool(Object value) {
        JsonNode node = (JsonNode) value;
        if (!node.isBoolean() && !node.isNull()) {
            throw wrong("a boolean", node);
        }
        return node.booleanValue();
    }

    @Override
    public long number(Object value) {
        JsonNode node = (JsonNode) value;
        boolean whole =
                node.isIntegralNumber() || (node.isNumber() && node.doubleValue() == Math.rint(node.doubleValue()));
        if (!(whole && node.canConvertToLong()) && !node.isNull()) {
            throw wrong("a whole number", node);
        }
        return node.longValue();
    }

    @Override
    public double real(Object value) {
        JsonNode node = (JsonNode) value;
        if (!node.isNumber() && !node.isNull()) {
            throw wrong("a number", node);
        }
        return node.doubleValue();
    }

    @Override
    public byte[] bytes(Object value) {
        try {
            return Bytes.ofBase64(string(value)).toByteArray();
        } catch (IllegalArgumentException e) {
            throw new ProtobufException("illegal base64 data", e);
        }
    }

    @Override
    public String quantity(Object value) {
        JsonNode node = (JsonNode) value;
        if (node.isNull()) {
            return "0";
        }
        try {
            return Quantity.parse(node.isNumber() ? node.asText() : string(node).strip())
                    .toString();
        } catch (IllegalArgumentException e) {
            throw new ProtobufException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public IntOrString intOrString(Object value) {
        JsonNode node = (JsonNode) value;
        return node.isTextual() ? IntOrString.of(node.textValue()) : IntOrString.of((int) number(node));
    }

    @Override
    public @Nullable Instant time(Object value, ValueKind kind) {
        JsonNode node = (JsonNode) value;
        if (node.isNull()) {
            return null;
        }
        try {
            return Times.parse(string(node), kind == ValueKind.TIME ? ChronoUnit.SECONDS : ChronoUnit.MICROS);
        } catch (DateTimeException e) {
            throw new ProtobufException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public byte[] json(Object value) {
        return JsonTrees.write((JsonNode) value);
    }

    private static ProtobufException wrong(String wanted, JsonNode found) {
        return new ProtobufException("expected " + wanted + ", found " + found.getNodeType());
    }
}
