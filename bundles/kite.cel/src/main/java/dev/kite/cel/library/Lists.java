package dev.kite.cel.library;

import dev.kite.cel.eval.CelError;
import dev.kite.cel.eval.Equality;
import dev.kite.cel.eval.Evaluation;
import dev.kite.cel.eval.ListValue;
import dev.kite.cel.eval.UInt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Kubernetes' functions of lists (isSorted, sum, min, max, indexOf, lastIndexOf), and CEL's lists extension, version 3. */
final class Lists {
    private static final List<String> COMPARABLE =
            List.of("int", "uint", "double", "bool", "duration", "timestamp", "string", "bytes");
    private static final List<String> SUMMABLE = List.of("int", "uint", "double", "duration");

    private Lists() {}

    static List<Function> functions() {
        List<Function> all = new ArrayList<>();
        for (String type : COMPARABLE) {
            String list = "list<" + type + ">#";
            String wire = type.equals("duration") || type.equals("timestamp")
                    ? "google.protobuf." + (type.equals("duration") ? "Duration" : "Timestamp")
                    : type;
            all.add(Function.of(
                    "list_" + type + "_is_sorted_bool", list + "isSorted() bool", (e, a) -> sorted((ListValue) a[0])));
            all.add(Function.of(
                    "list_" + type + "_min_" + type,
                    list + "min() " + type,
                    (e, a) -> extreme("min", (ListValue) a[0], -1)));
            all.add(Function.of(
                    "list_" + type + "_max_" + type,
                    list + "max() " + type,
                    (e, a) -> extreme("max", (ListValue) a[0], 1)));
            all.add(Function.of(
                    "list_" + wire + "_sort",
                    list + "sort() list<" + type + ">",
                    (e, a) -> sort((ListValue) a[0], (ListValue) a[0])));
            all.add(Function.of(
                    "list_" + wire + "_sortByAssociatedKeys",
                    "list<A>#@sortByAssociatedKeys(list<" + type + ">) list<A>",
                    (e, a) -> sort((ListValue) a[0], (ListValue) a[1])));
        }
        for (String type : SUMMABLE) {
            Object zero = switch (type) {
                case "int" -> 0L;
                case "uint" -> new UInt(0);
                case "double" -> 0.0;
                default -> Duration.ZERO;
            };
            all.add(Function.of("list_" + type + "_sum_" + type, "list<" + type + ">#sum() " + type, (e, a) -> {
                Object sum = zero;
                for (Object element : (ListValue) a[0]) {
                    sum = Arithmetic.add(e, new Object[] {sum, element});
                }
                return sum;
            }));
        }
        all.add(Function.of(
                "list_a_index_of_int", "list<A>#indexOf(A) int", (e, a) -> indexOf(e, (ListValue) a[0], a[1], false)));
        all.add(Function.of(
                "list_a_last_index_of_int",
                "list<A>#lastIndexOf(A) int",
                (e, a) -> indexOf(e, (ListValue) a[0], a[1], true)));
        all.add(Function.of(
                "list_slice",
                "list<A>#slice(int, int) list<A>",
                (e, a) -> slice((ListValue) a[0], (Long) a[1], (Long) a[2])));
        all.add(Function.of(
                "list_flatten", "list<list<A>>#flatten() list<A>", (e, a) -> flatten(e, (ListValue) a[0], 1)));
        all.add(Function.of(
                "list_flatten_int",
                "list<dyn>#flatten(int) list<dyn>",
                (e, a) -> flatten(e, (ListValue) a[0], (Long) a[1])));
        all.add(Function.of("lists_range", "lists.range(int) list<int>", (e, a) -> range((Long) a[0])));
        all.add(Function.of("list_reverse", "list<A>#reverse() list<A>", (e, a) -> {
            List<Object> values = copy((ListValue) a[0]);
            Collections.reverse(values);
            return ListValue.of(values);
        }));
        all.add(Function.of("list_distinct", "list<A>#distinct() list<A>", (e, a) -> distinct(e, (ListValue) a[0])));
        return all;
    }

    private static List<Object> copy(ListValue list) {
        List<Object> values = new ArrayList<>();
        list.forEach(values::add);
        return values;
    }

    private static int compare(Object a, Object b) {
        Integer order = Standard.compare(a, b);
        if (order == null) {
            throw CelError.noOverload();
        }
        return order;
    }

    private static boolean sorted(ListValue list) {
        Object before = null;
        for (Object element : list) {
            if (before != null && compare(before, element) > 0) {
                return false;
            }
            before = element;
        }
        return true;
    }

    private static Object extreme(String name, ListValue list, int sign) {
        Object best = null;
        for (Object element : list) {
            if (best == null || compare(element, best) * sign > 0) {
                best = element;
            }
        }
        if (best == null) {
            throw new CelError(name + " called on empty list");
        }
        return best;
    }

    private static long indexOf(Evaluation e, ListValue list, Object value, boolean last) {
        long found = -1;
        long index = 0;
        for (Object element : list) {
            if (Equality.equal(e, element, value)) {
                found = index;
                if (!last) {
                    break;
                }
            }
            index++;
        }
        return found;
    }

    private static ListValue slice(ListValue list, long from, long to) {
        if (from < 0 || to < 0) {
            throw new CelError("cannot slice(" + from + ", " + to + "), negative indexes not supported");
        }
        if (from > to) {
            throw new CelError(
                    "cannot slice(" + from + ", " + to + "), start index must be less than or equal to end index");
        }
        if (to > list.size()) {
            throw new CelError("cannot slice(" + from + ", " + to + "), list is length " + list.size());
        }
        List<Object> values = new ArrayList<>();
        for (long i = from; i < to; i++) {
            values.add(list.get(i));
        }
        return ListValue.of(values);
    }

    private static ListValue flatten(Evaluation e, ListValue list, long depth) {
        if (depth < 0) {
            throw new CelError("level must be non-negative");
        }
        List<Object> out = new ArrayList<>();
        flatten(e, list, depth, out);
        return ListValue.of(out);
    }

    private static void flatten(Evaluation e, ListValue list, long depth, List<Object> out) {
        for (Object element : list) {
            e.step();
            if (depth > 0 && element instanceof ListValue inner) {
                flatten(e, inner, depth - 1, out);
            } else if (out.size() >= ListValue.MAX_SIZE) {
                throw new CelError("list too large: " + out.size() + " elements");
            } else {
                out.add(element);
            }
        }
    }

    /** Its cost is its size, which a call's limit bounds. */
    private static ListValue range(long count) {
        List<Object> values = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            values.add(i);
        }
        return ListValue.of(values);
    }

    private static ListValue distinct(Evaluation e, ListValue list) {
        Equality.Index seen = new Equality.Index(e);
        List<Object> values = new ArrayList<>();
        for (Object element : list) {
            if (!seen.has(element)) {
                seen.add(element);
                values.add(element);
            }
        }
        return ListValue.of(values);
    }

    private static ListValue sort(ListValue list, ListValue keys) {
        if (list.size() != keys.size()) {
            throw new CelError(
                    "@sortByAssociatedKeys() expected a list of the same size as the associated keys list, but got "
                            + list.size() + " and " + keys.size() + " elements respectively");
        }
        List<Object> key = copy(keys);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < key.size(); i++) {
            if (!key.get(i).getClass().equals(key.getFirst().getClass())) {
                throw new CelError("list elements must have the same type");
            }
            order.add(i);
        }
        order.sort((x, y) -> compare(key.get(x), key.get(y)));
        List<Object> values = copy(list);
        return ListValue.of(order.stream().map(values::get).toList());
    }
}
