package dev.kite.cel.eval;

import dev.kite.cel.CelType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Equality, and the concatenation of lists, with Kubernetes' list types. */
public final class Equality {
    private Equality() {}

    /** Whether two values are equal: numbers across types, values of other types never. */
    @SuppressWarnings("ReferenceEquality") // the same value need not be compared by its parts
    public static boolean equal(Evaluation evaluation, Object a, Object b) {
        evaluation.step();
        if (a == b) {
            return !(a instanceof Double d && d.isNaN());
        }
        if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
            return Numbers.same(a, b);
        }
        return switch (a) {
            case ListValue x -> b instanceof ListValue y && lists(evaluation, x, y);
            case StructValue x ->
                b instanceof StructValue y && x.typeName().equals(y.typeName()) && maps(evaluation, x, y);
            case MapValue x -> b instanceof MapValue y && !(b instanceof StructValue) && maps(evaluation, x, y);
            case Optional<?> x ->
                b instanceof Optional<?> y
                        && x.isPresent() == y.isPresent()
                        && (x.isEmpty() || equal(evaluation, x.get(), y.orElseThrow()));
            default -> a.equals(b);
        };
    }

    private static boolean lists(Evaluation evaluation, ListValue a, ListValue b) {
        if (a.size() != b.size()) {
            return false;
        }
        return switch (a.merge()) {
            case ATOMIC -> inOrder(evaluation, a, b);
            case SET -> anyOrder(evaluation, a, b);
            case MAP -> byKey(evaluation, a, b);
        };
    }

    private static boolean inOrder(Evaluation evaluation, ListValue a, ListValue b) {
        var other = b.iterator();
        for (Object x : a) {
            if (!equal(evaluation, x, other.next())) {
                return false;
            }
        }
        return true;
    }

    private static boolean anyOrder(Evaluation evaluation, ListValue a, ListValue b) {
        Index index = new Index(evaluation);
        for (Object x : a) {
            index.add(x);
        }
        for (Object x : b) {
            if (!index.has(x)) {
                return false;
            }
        }
        return true;
    }

    private static boolean byKey(Evaluation evaluation, ListValue a, ListValue b) {
        Map<List<Object>, Object> others = new LinkedHashMap<>();
        for (Object y : b) {
            others.put(keyOf(a.keys(), y), y);
        }
        for (Object x : a) {
            Object y = others.get(keyOf(a.keys(), x));
            if (y == null || !equal(evaluation, x, y)) {
                return false;
            }
        }
        return true;
    }

    private static List<Object> keyOf(List<String> keys, Object element) {
        List<Object> key = new ArrayList<>(keys.size());
        for (String name : keys) {
            String escaped = dev.kite.cel.CelNames.escape(name);
            Object value = element instanceof MapValue m && escaped != null ? m.find(escaped) : null;
            key.add(value == null ? Null.NULL : value);
        }
        return key;
    }

    private static boolean maps(Evaluation evaluation, MapValue a, MapValue b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (Object key : a.keys()) {
            Object x = a.find(key);
            Object y = b.find(key);
            if (x == null || y == null || !equal(evaluation, x, y)) {
                return false;
            }
        }
        return true;
    }

    /** {@code a + b}: sets unite, maps by key take b's elements in place of a's, others follow one another. */
    public static ListValue add(Evaluation evaluation, ListValue a, ListValue b) {
        if (a instanceof ListValue.Growing g) {
            g.addAll(b);
            return g;
        }
        return switch (a.merge()) {
            case ATOMIC -> ListValue.concat(a, b);
            case SET -> unite(evaluation, a, b);
            case MAP -> merge(a, b);
        };
    }

    private static ListValue unite(Evaluation evaluation, ListValue a, ListValue b) {
        Index index = new Index(evaluation);
        List<Object> all = new ArrayList<>();
        for (Object x : a) {
            index.add(x);
            all.add(x);
        }
        for (Object y : b) {
            if (!index.has(y)) {
                index.add(y);
                all.add(y);
            }
        }
        return new Typed(all, a.merge(), a.keys());
    }

    /** Elements of the first keep their places, also those that are there twice; those of the second take the place of their key's last, or come after. */
    private static ListValue merge(ListValue a, ListValue b) {
        List<Object> all = new ArrayList<>();
        Map<List<Object>, Integer> places = new HashMap<>();
        for (Object x : a) {
            places.put(keyOf(a.keys(), x), all.size());
            all.add(x);
        }
        for (Object y : b) {
            Integer place = places.get(keyOf(a.keys(), y));
            if (place == null) {
                all.add(y);
            } else {
                all.set(place, y);
            }
        }
        return new Typed(all, a.merge(), a.keys());
    }

    /** Membership by equality, by hash for text, booleans and whole numbers. */
    public static final class Index {
        private final Evaluation evaluation;
        private final java.util.Set<Object> hashed = new java.util.HashSet<>();
        private final List<Object> others = new ArrayList<>();

        /** An empty one. */
        public Index(Evaluation evaluation) {
            this.evaluation = evaluation;
        }

        /** Adds. */
        public void add(Object value) {
            Object key = hash(value);
            if (key == null) {
                others.add(value);
            } else {
                hashed.add(key);
            }
        }

        /** Whether an equal value was added. */
        public boolean has(Object value) {
            evaluation.step();
            Object key = hash(value);
            if (key != null) {
                return hashed.contains(key);
            }
            for (Object other : others) {
                if (equal(evaluation, other, value)) {
                    return true;
                }
            }
            return false;
        }

        private static @Nullable Object hash(Object value) {
            return switch (value) {
                case String s -> s;
                case Boolean b -> b;
                case Bytes b -> b;
                case Double d when d.isNaN() -> null;
                case Long l -> l;
                case UInt u -> Numbers.key(u);
                case Double d -> Numbers.key(d);
                default -> null;
            };
        }
    }

    private static final class Typed extends ListValue {
        private final List<Object> values;
        private final CelType.Merge merge;
        private final List<String> keys;

        Typed(List<Object> values, CelType.Merge merge, List<String> keys) {
            this.values = values;
            this.merge = merge;
            this.keys = keys;
        }

        @Override
        public long size() {
            return values.size();
        }

        @Override
        public Object get(long index) {
            return values.get((int) index);
        }

        @Override
        public CelType.Merge merge() {
            return merge;
        }

        @Override
        public List<String> keys() {
            return keys;
        }
    }
}
