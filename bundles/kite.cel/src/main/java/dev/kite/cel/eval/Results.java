package dev.kite.cel.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.cel.CelEvaluationException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Values as Java's and as JSON, within bounds: parts that are shared would multiply. */
final class Results {
    /** Values in one result at most. */
    private static final int MAX = 2_000_000;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private int count;

    private Results() {}

    static @Nullable Object java(Object value) {
        return new Results().toJava(value);
    }

    static JsonNode json(Object value) throws CelEvaluationException {
        try {
            return new Results().toJson(value, value instanceof StructValue s ? s.typeName() : "");
        } catch (CelError e) {
            throw new CelEvaluationException(String.valueOf(e.getMessage()), e);
        }
    }

    private void count() {
        if (++count > MAX) {
            throw new CelError("result too large");
        }
    }

    private @Nullable Object toJava(Object value) {
        count();
        return switch (value) {
            case Null n -> null;
            case UInt u -> u.bits() >= 0 ? (Object) u.bits() : new BigInteger(u.toString());
            case Bytes b -> b.value().clone();
            case ListValue list -> {
                List<@Nullable Object> out = new ArrayList<>();
                list.forEach(x -> out.add(toJava(x)));
                yield out;
            }
            case MapValue map -> {
                Map<@Nullable Object, @Nullable Object> out = new LinkedHashMap<>();
                for (Object key : map.keys()) {
                    Object part = map.find(key);
                    out.put(toJava(key), part == null ? null : toJava(part));
                }
                yield out;
            }
            case Optional<?> o -> o.isPresent() ? Optional.ofNullable(toJava(o.get())) : o;
            case TypeValue t -> t.name();
            case LibraryValue v -> v.toString();
            default -> value;
        };
    }

    /** The path is the type's name that an Object literal must have here; empty outside of one. */
    private JsonNode toJson(Object value, String path) {
        count();
        return switch (value) {
            case Null n -> JSON.nullNode();
            case Boolean b -> JSON.booleanNode(b);
            case Long l -> JSON.numberNode(l);
            case UInt u -> JSON.numberNode(new BigInteger(u.toString()));
            case Double d when Double.isFinite(d) -> JSON.numberNode(d);
            case String s -> JSON.textNode(s);
            case Bytes b -> JSON.textNode(java.util.Base64.getEncoder().encodeToString(b.value()));
            case Instant i -> JSON.textNode(Times.text(i));
            case Duration d -> JSON.textNode(Times.text(d));
            case ListValue list -> {
                ArrayNode out = JSON.arrayNode();
                list.forEach(x -> out.add(toJson(x, path)));
                yield out;
            }
            case StructValue struct -> object(struct, path);
            case MapValue map -> {
                ObjectNode out = JSON.objectNode();
                for (Object key : map.keys()) {
                    if (!(key instanceof String name)) {
                        throw new CelError(
                                "map key " + Types.text(key) + " is of type " + Types.nameOf(key) + ", not string");
                    }
                    Object part = map.find(key);
                    out.set(jsonName(map, name), part == null ? JSON.nullNode() : toJson(part, path));
                }
                yield out;
            }
            case Optional<?> o when o.isPresent() -> toJson(o.get(), path);
            case Optional<?> o -> JSON.nullNode();
            default -> throw new CelError("cannot convert " + Types.nameOf(value) + " to JSON");
        };
    }

    private static String jsonName(MapValue map, String name) {
        return map instanceof Adapter.Named named ? named.jsonName(name) : name;
    }

    /** An object that an operation of a patch holds says itself where it stands. */
    private static String root(@Nullable Object value) {
        return value instanceof StructValue struct && !struct.typeName().equals("JSONPatch") ? struct.typeName() : "";
    }

    private ObjectNode object(StructValue struct, String path) {
        boolean patch = struct.typeName().equals("JSONPatch");
        if (!patch && !path.isEmpty() && !struct.typeName().equals(path)) {
            throw new CelError("unexpected type name \"" + struct.typeName() + "\", expected \"" + path
                    + "\", which matches field name path from root Object type");
        }
        ObjectNode out = JSON.objectNode();
        for (Object key : struct.keys()) {
            String name = (String) key;
            Object value = struct.find(name);
            String below = patch ? root(value) : path.isEmpty() ? "" : path + "." + name;
            String json = dev.kite.cel.CelNames.unescape(name);
            out.set(patch || json == null ? name : json, value == null ? JSON.nullNode() : toJson(value, below));
        }
        return out;
    }
}
