package dev.kite.cel.library;

import dev.kite.cel.eval.Bytes;
import dev.kite.cel.eval.CelError;
import dev.kite.cel.eval.ListValue;
import dev.kite.cel.eval.MapValue;
import dev.kite.cel.eval.Null;
import dev.kite.cel.eval.UInt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Optional values. The operators are part of attributes; {@code or} and {@code orValue} of the planner. */
final class Optionals {
    static final List<Function> FUNCTIONS = List.of(
            Function.of("optional_of", "optional.of(A) optional<A>", (e, a) -> Optional.of(a[0])),
            Function.of(
                    "optional_ofNonZeroValue",
                    "optional.ofNonZeroValue(A) optional<A>",
                    (e, a) -> isZero(a[0]) ? Optional.empty() : Optional.of(a[0])),
            Function.of("optional_none", "optional.none() optional<A>", (e, a) -> Optional.empty()),
            Function.of("optional_value", "optional<A>#value() A", (e, a) -> value(a[0])),
            Function.of("optional_hasValue", "optional<A>#hasValue() bool", (e, a) -> ((Optional<?>) a[0]).isPresent()),
            Function.of("optional_or_optional", "optional<A>#or(optional<A>) optional<A>", (e, a) -> a[0]),
            Function.of("optional_orValue_value", "optional<A>#orValue(A) A", (e, a) -> a[0]),
            Function.of("select_optional_field", "_?._(dyn, string) optional<A>", (e, a) -> a[0]),
            Function.of("list_optindex_optional_int", "_[?_](list<A>, int) optional<A>", (e, a) -> a[0]),
            Function.of(
                    "optional_list_optindex_optional_int", "_[?_](optional<list<A>>, int) optional<A>", (e, a) -> a[0]),
            Function.of("map_optindex_optional_value", "_[?_](map<B, A>, B) optional<A>", (e, a) -> a[0]),
            Function.of(
                    "optional_map_optindex_optional_value",
                    "_[?_](optional<map<B, A>>, B) optional<A>",
                    (e, a) -> a[0]),
            Function.of("optional_list_index_int", "_[_](optional<list<A>>, int) optional<A>", (e, a) -> a[0]),
            Function.of("optional_map_index_value", "_[_](optional<map<B, A>>, B) optional<A>", (e, a) -> a[0]),
            Function.of("list_first", "list<A>#first() optional<A>", (e, a) -> at((ListValue) a[0], 0)),
            Function.of(
                    "list_last",
                    "list<A>#last() optional<A>",
                    (e, a) -> at((ListValue) a[0], ((ListValue) a[0]).size() - 1)),
            Function.of(
                    "optional_unwrap",
                    "optional.unwrap(list<optional<A>>) list<A>",
                    (e, a) -> unwrap((ListValue) a[0])),
            Function.of(
                    "optional_unwrapOpt", "list<optional<A>>#unwrapOpt() list<A>", (e, a) -> unwrap((ListValue) a[0])));

    private Optionals() {}

    private static Object value(Object value) {
        if (((Optional<?>) value).isEmpty()) {
            throw new CelError("optional.none() dereference");
        }
        return ((Optional<?>) value).get();
    }

    private static Optional<Object> at(ListValue list, long index) {
        return list.size() == 0 ? Optional.empty() : Optional.of(list.get(index));
    }

    private static ListValue unwrap(ListValue list) {
        List<Object> values = new ArrayList<>();
        for (Object element : list) {
            if (!(element instanceof Optional<?> o)) {
                throw new CelError("value " + element + " is not optional");
            }
            o.ifPresent(values::add);
        }
        return ListValue.of(values);
    }

    private static boolean isZero(Object value) {
        return switch (value) {
            case Null n -> true;
            case Boolean b -> !b;
            case Long l -> l == 0;
            case UInt u -> u.bits() == 0;
            case Double d -> d == 0;
            case String s -> s.isEmpty();
            case Bytes b -> b.value().length == 0;
            case Duration d -> d.isZero();
            case ListValue l -> l.size() == 0;
            case MapValue m -> m.size() == 0;
            case Optional<?> o -> o.isEmpty() || isZero(o.get());
            default -> false;
        };
    }
}
