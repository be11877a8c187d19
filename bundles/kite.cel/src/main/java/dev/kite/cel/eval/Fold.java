package dev.kite.cel.eval;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * A comprehension. Its cost is that of its parts. The accumulator may hold an error, which quantifiers forget when an element decides.
 *
 * @param empty what the accumulator starts as: a list or map that is filled in place, or null for the value of {@code init}
 * @param first the slot of the element or key
 * @param second the slot of the value, negative for one variable
 * @param accumulator the accumulator's slot
 */
public record Fold(
        Node range,
        Node init,
        @Nullable Fill empty,
        Node condition,
        Node step,
        Node result,
        int first,
        int second,
        int accumulator) {
    /** What a comprehension fills. */
    public enum Fill {
        LIST,
        MAP
    }

    /** As a node. */
    public Node node() {
        return Nodes.node(this::eval);
    }

    private Object eval(Evaluation e) {
        Object over = range.eval(e);
        Object start = switch (empty) {
            case null -> start(e);
            case LIST -> new ListValue.Growing();
            case MAP -> new MapValue.Growing();
        };
        e.slot(accumulator, start);
        switch (over) {
            case ListValue list -> overList(e, list);
            case MapValue map -> overMap(e, map);
            case java.util.Optional<?> o
            when second < 0 && o.isPresent() && o.get() instanceof ListValue l -> overList(e, l);
            default -> throw new CelError("got '" + Types.goName(over) + "', expected iterable type");
        }
        Object value = result.eval(e);
        return value instanceof ListValue.Growing filled ? filled.frozen() : value;
    }

    private Object start(Evaluation e) {
        try {
            return init.eval(e);
        } catch (CelError error) {
            return error;
        }
    }

    private void overList(Evaluation e, ListValue list) {
        long index = 0;
        for (Iterator<Object> all = list.iterator(); all.hasNext(); index++) {
            Object element = all.next();
            if (!turn(e, second < 0 ? element : (Object) index, element)) {
                return;
            }
        }
    }

    private void overMap(Evaluation e, MapValue map) {
        for (Object key : map.keys()) {
            Object value = second < 0 ? key : map.find(key);
            if (!turn(e, key, value == null ? Null.NULL : value)) {
                return;
            }
        }
    }

    private boolean turn(Evaluation e, Object one, Object two) {
        e.step();
        e.slot(first, one);
        if (second >= 0) {
            e.slot(second, two);
        }
        if (Boolean.FALSE.equals(condition.eval(e))) {
            return false;
        }
        try {
            e.slot(accumulator, step.eval(e));
        } catch (CelError error) {
            e.slot(accumulator, error);
            return !(condition instanceof Node.Const);
        }
        return true;
    }
}
