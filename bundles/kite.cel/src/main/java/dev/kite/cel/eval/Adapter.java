package dev.kite.cel.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.cel.CelEvaluationException;
import dev.kite.cel.CelLazy;
import dev.kite.cel.CelNames;
import dev.kite.cel.CelType;
import dev.kite.cel.CelVariables;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** JSON trees and Java values as CEL's values, by their declared types, each part only when it is read. */
public final class Adapter {
    private Adapter() {}

    /** A bound value; lazy ones are computed. */
    public static Object adapt(@Nullable Object value, CelType type) {
        return switch (value) {
            case null -> Null.NULL;
            case JsonNode json -> json(json, type);
            case Integer i -> i.longValue();
            case Number n when n instanceof Long || n instanceof Double -> n;
            case Float f -> f.doubleValue();
            case byte[] b -> new Bytes(b);
            case List<?> list -> new JavaList(list, type);
            case Map<?, ?> map -> new JavaMap(map, type);
            case CelVariables variables -> new Variables(variables);
            case CelLazy lazy -> compute(lazy, type);
            case Optional<?> o -> o.isPresent() ? Optional.of(adapt(o.get(), valueOf(type))) : o;
            case CharSequence s -> text(s.toString(), type);
            case dev.kite.cel.CelAuthorizer a -> dev.kite.cel.library.Authorization.adapt(a);
            case dev.kite.cel.CelAuthorizer.RequestResource r -> dev.kite.cel.library.Authorization.adapt(r);
            default -> value;
        };
    }

    /** A map whose keys are escaped names. */
    interface Named {
        /** The name in JSON. */
        String jsonName(String key);
    }

    private static CelType valueOf(CelType type) {
        return type instanceof CelType.OptionalOf o ? o.value() : CelType.DYN;
    }

    private static Object compute(CelLazy lazy, CelType type) {
        try {
            return adapt(lazy.get(), type);
        } catch (CelEvaluationException e) {
            throw failure(e);
        }
    }

    private static RuntimeException failure(CelEvaluationException e) {
        return e.getClass() == CelEvaluationException.class
                ? new CelError(String.valueOf(e.getMessage()))
                : new Halt(e);
    }

    private static Object json(JsonNode json, CelType type) {
        return switch (json.getNodeType()) {
            case OBJECT -> new JsonMap((ObjectNode) json, type);
            case ARRAY -> new JsonList((ArrayNode) json, type);
            case STRING -> text(json.textValue(), type);
            case BOOLEAN -> json.booleanValue();
            case NUMBER -> number(json, type);
            case BINARY -> binary(json);
            default -> Null.NULL;
        };
    }

    private static Object binary(JsonNode json) {
        try {
            return new Bytes(json.binaryValue());
        } catch (IOException e) {
            throw new CelError("invalid bytes: " + e.getMessage());
        }
    }

    private static Object number(JsonNode json, CelType type) {
        boolean real = type instanceof CelType.Scalar s && s.kind() == CelType.Kind.DOUBLE;
        if (type instanceof CelType.Scalar s && s.kind() == CelType.Kind.INT && !json.isIntegralNumber()) {
            throw new CelError("invalid data, expected int, got float64");
        }
        return json.isIntegralNumber() && json.canConvertToLong() && !real
                ? (Object) json.longValue()
                : json.doubleValue();
    }

    private static Object text(String text, CelType type) {
        if (!(type instanceof CelType.Scalar scalar)) {
            return text;
        }
        return switch (scalar.kind()) {
            case TIMESTAMP -> timestamp(text);
            case DURATION -> Times.lenientDuration(text);
            case BYTES -> bytes(text);
            default -> text;
        };
    }

    private static Instant timestamp(String text) {
        if (text.length() == 10) {
            try {
                return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
            } catch (java.time.DateTimeException e) {
                throw new CelError("Invalid date formatted string " + text + ": " + e.getMessage());
            }
        }
        return Times.timestamp(text);
    }

    private static Bytes bytes(String text) {
        try {
            return new Bytes(java.util.Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw new CelError("invalid byte formatted string " + text + ": " + e.getMessage());
        }
    }

    private static CelType elementOf(CelType type) {
        return type instanceof CelType.ListOf l ? l.element() : CelType.DYN;
    }

    private static final class JsonList extends ListValue {
        private final ArrayNode json;
        private final CelType type;

        JsonList(ArrayNode json, CelType type) {
            this.json = json;
            this.type = type;
        }

        @Override
        public long size() {
            return json.size();
        }

        @Override
        public Object get(long index) {
            return json(json.get((int) index), elementOf(type));
        }

        @Override
        public CelType.Merge merge() {
            return type instanceof CelType.ListOf l ? l.merge() : CelType.Merge.ATOMIC;
        }

        @Override
        public List<String> keys() {
            return type instanceof CelType.ListOf l ? l.keys() : List.of();
        }
    }

    private static final class JavaList extends ListValue {
        private final List<?> values;
        private final CelType type;

        JavaList(List<?> values, CelType type) {
            this.values = values;
            this.type = type;
        }

        @Override
        public long size() {
            return values.size();
        }

        @Override
        public Object get(long index) {
            return adapt(values.get((int) index), elementOf(type));
        }
    }

    /** Of an object with named fields, only these are seen, by their escaped names. */
    private static final class JsonMap extends MapValue implements Named {
        private final ObjectNode json;
        private final CelType type;

        JsonMap(ObjectNode json, CelType type) {
            this.json = json;
            this.type = type;
        }

        @Override
        public String jsonName(String key) {
            CelType.Field field =
                    type instanceof CelType.ObjectOf object ? object.fields().get(key) : null;
            return field == null ? key : field.json();
        }

        @Override
        public long size() {
            return json.size();
        }

        @Override
        public @Nullable Object find(Object key) {
            if (!(key instanceof String name)) {
                return null;
            }
            if (type instanceof CelType.ObjectOf object) {
                CelType.Field field = object.fields().get(name);
                if (field == null && CelNames.isReserved(name)) {
                    field = object.fields().get("__" + name + "__");
                }
                JsonNode value = field == null ? null : json.get(field.json());
                // A named field that is null is as one that isn't there.
                return value == null || field == null || value.isNull() ? null : json(value, field.type());
            }
            JsonNode value = json.get(name);
            return value == null ? null : json(value, type instanceof CelType.MapOf m ? m.value() : CelType.DYN);
        }

        @Override
        public Iterable<Object> keys() {
            List<Object> keys = new ArrayList<>(json.size());
            if (type instanceof CelType.ObjectOf object) {
                object.fields().forEach((name, field) -> {
                    if (json.hasNonNull(field.json())) {
                        keys.add(name);
                    }
                });
            } else {
                json.fieldNames().forEachRemaining(keys::add);
            }
            return keys;
        }
    }

    private static final class JavaMap extends MapValue {
        private final Map<?, ?> map;
        private final CelType type;
        private final Map<Object, Object> computed = new HashMap<>();

        JavaMap(Map<?, ?> map, CelType type) {
            this.map = map;
            this.type = type;
        }

        @Override
        public long size() {
            return map.size();
        }

        @Override
        public @Nullable Object find(Object key) {
            Object name = key;
            CelType value = type instanceof CelType.MapOf m ? m.value() : CelType.DYN;
            if (type instanceof CelType.ObjectOf object && key instanceof String s) {
                CelType.Field field = object.fields().get(s);
                if (field == null) {
                    return null;
                }
                name = field.json();
                value = field.type();
            }
            if (!map.containsKey(name)) {
                return null;
            }
            CelType of = value;
            return computed.computeIfAbsent(name, n -> adapt(map.get(n), of));
        }

        @Override
        public Iterable<Object> keys() {
            List<Object> keys = new ArrayList<>(map.size());
            map.keySet().forEach(k -> keys.add(adapt(k, CelType.DYN)));
            return keys;
        }
    }

    private static final class Variables extends MapValue {
        private final CelVariables variables;

        Variables(CelVariables variables) {
            this.variables = variables;
        }

        @Override
        public long size() {
            return 0;
        }

        @Override
        public @Nullable Object find(Object key) {
            if (!(key instanceof String name) || !variables.has(name)) {
                return null;
            }
            try {
                return ((Program.Result) variables.get(name)).raw();
            } catch (CelEvaluationException e) {
                throw failure(e);
            }
        }

        @Override
        public Iterable<Object> keys() {
            return List.of();
        }
    }
}
