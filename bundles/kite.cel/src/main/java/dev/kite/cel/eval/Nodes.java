package dev.kite.cel.eval;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The nodes but for constants, attributes and comprehensions. */
public final class Nodes {
    private static final long LIST = 10;
    private static final long MAP = 30;
    private static final long STRUCT = 40;

    private Nodes() {}

    /** A call: arguments from left to right, then its cost, then what it does. */
    public static Node call(Node[] args, Cost cost, Call call) {
        return node(e -> {
            Object[] values = new Object[args.length];
            for (int i = 0; i < args.length; i++) {
                values[i] = args[i].eval(e);
            }
            e.spend(cost.of(values));
            return call.apply(e, values);
        });
    }

    /** {@code a && b} (absorbing false) or {@code a || b} (absorbing true): costs nothing itself; an error on one side counts only if the other doesn't absorb. */
    public static Node logic(Node a, Node b, boolean absorbing) {
        return node(e -> {
            CelError error = null;
            for (Node side : List.of(a, b)) {
                try {
                    if (!(side.eval(e) instanceof Boolean value)) {
                        error = error == null ? CelError.noOverload() : error;
                    } else if (value == absorbing) {
                        return absorbing;
                    }
                } catch (CelError failure) {
                    error = error == null ? failure : error;
                }
            }
            if (error != null) {
                throw error;
            }
            return !absorbing;
        });
    }

    /** True unless false: what the quantifiers go on with. */
    public static Node notStrictlyFalse(Node operand) {
        return node(e -> {
            boolean goOn;
            try {
                goOn = !Boolean.FALSE.equals(operand.eval(e));
            } catch (CelError error) {
                goOn = true;
            }
            e.spend(1);
            return goOn;
        });
    }

    /** {@code x in} a constant list of simple values: costs nothing itself. */
    public static Node oneOf(Node element, Set<Object> values) {
        return node(e -> {
            Object value = element.eval(e);
            Object key = Numbers.isNumber(value) ? Numbers.key(value) : value;
            return values.contains(key);
        });
    }

    /** {@code a.or(b)} and {@code a.orValue(b)}: b is evaluated only if a has no value. */
    public static Node or(Node a, Node b, boolean unwrap) {
        return node(e -> {
            Object value = a.eval(e);
            if (!(value instanceof Optional<?> o)) {
                return value;
            }
            return o.isEmpty() ? b.eval(e) : unwrap ? o.get() : o;
        });
    }

    /** A list, with the indices of elements that are left out when they are optional.none(). */
    public static Node list(List<Node> elements, Set<Integer> optional) {
        return node(e -> {
            List<Object> values = new ArrayList<>(elements.size());
            for (int i = 0; i < elements.size(); i++) {
                Object value = elements.get(i).eval(e);
                if (optional.contains(i)) {
                    optional(i, value).ifPresent(values::add);
                } else {
                    values.add(value);
                }
            }
            e.spend(LIST);
            return ListValue.of(values);
        });
    }

    private static Optional<?> optional(Object at, Object value) {
        if (value instanceof Optional<?> o) {
            return o;
        }
        throw new CelError(
                "cannot initialize optional entry '" + at + "' from non-optional value " + Types.text(value));
    }

    /** An entry of a map or struct. */
    public record Entry(Node key, Node value, boolean optional) {}

    /** A map. */
    public static Node map(List<Entry> entries) {
        return node(e -> {
            Map<Object, Object> values = new LinkedHashMap<>();
            for (Entry entry : entries) {
                put(values, entry, entry.key.eval(e), entry.value.eval(e));
            }
            e.spend(MAP);
            return MapValue.of(values);
        });
    }

    private static void put(Map<Object, Object> values, Entry entry, Object key, Object value) {
        if (!(key instanceof String || key instanceof Boolean || key instanceof Long || key instanceof UInt)) {
            throw new CelError("unsupported key type: " + Types.nameOf(key));
        }
        Object kept = entry.optional ? optional(key, value).orElse(null) : value;
        if (kept != null) {
            values.put(key, kept);
        }
    }

    /** A struct. */
    public static Node struct(String type, List<Entry> fields) {
        return node(e -> {
            Map<String, Object> values = new LinkedHashMap<>();
            for (Entry field : fields) {
                String name = (String) field.key.eval(e);
                Object value = field.value.eval(e);
                Object kept = field.optional ? optional(name, value).orElse(null) : value;
                if (kept != null) {
                    values.put(name, kept);
                }
            }
            e.spend(STRUCT);
            return new StructValue(type, values);
        });
    }

    /** What a node does. */
    @FunctionalInterface
    public interface Body {
        /** The value. */
        Object eval(Evaluation e);
    }

    /** A node of a function. */
    public static Node node(Body body) {
        return new Node() {
            @Override
            public Object eval(Evaluation e) {
                return body.eval(e);
            }
        };
    }
}
