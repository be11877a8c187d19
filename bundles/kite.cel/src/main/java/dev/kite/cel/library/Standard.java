package dev.kite.cel.library;

import dev.kite.cel.eval.Bytes;
import dev.kite.cel.eval.Call;
import dev.kite.cel.eval.CelError;
import dev.kite.cel.eval.Equality;
import dev.kite.cel.eval.Evaluation;
import dev.kite.cel.eval.ListValue;
import dev.kite.cel.eval.MapValue;
import dev.kite.cel.eval.Numbers;
import dev.kite.cel.eval.StructValue;
import dev.kite.cel.eval.TypeValue;
import dev.kite.cel.eval.Types;
import dev.kite.cel.eval.UInt;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** CEL's own functions and operators (its language definition, "List of Standard Definitions"). */
public final class Standard {
    private static final Map<String, Call> CALLS = Map.ofEntries(
            Map.entry("_==_", (e, a) -> Equality.equal(e, a[0], a[1])),
            Map.entry("_!=_", (e, a) -> !Equality.equal(e, a[0], a[1])),
            Map.entry("_<_", (e, a) -> ordered(a) && compare("_<_", a) < 0),
            Map.entry("_<=_", (e, a) -> ordered(a) && compare("_<=_", a) <= 0),
            Map.entry("_>_", (e, a) -> ordered(a) && compare("_>_", a) > 0),
            Map.entry("_>=_", (e, a) -> ordered(a) && compare("_>=_", a) >= 0),
            Map.entry("!_", (e, a) -> a[0] instanceof Boolean b ? (Object) !b : none("!_", a)),
            Map.entry("-_", Arithmetic::negate),
            Map.entry("_+_", Arithmetic::add),
            Map.entry("_-_", Arithmetic::subtract),
            Map.entry("_*_", Arithmetic::multiply),
            Map.entry("_/_", Arithmetic::divide),
            Map.entry("_%_", Arithmetic::modulo),
            Map.entry("@in", Standard::in),
            Map.entry("in", Standard::in),
            Map.entry("_in_", Standard::in),
            Map.entry("size", (e, a) -> size(a)),
            Map.entry("type", (e, a) -> new TypeValue(Types.nameOf(a[0]))),
            Map.entry("dyn", (e, a) -> a[0]),
            Map.entry("contains", (e, a) -> text(a, "contains", String::contains)),
            Map.entry("startsWith", (e, a) -> text(a, "startsWith", String::startsWith)),
            Map.entry("endsWith", (e, a) -> text(a, "endsWith", String::endsWith)),
            Map.entry("matches", (e, a) -> text(a, "matches", Regexes::matches)));

    private Standard() {}

    /** What a function does with any values, or null when it is none of these. */
    public static @Nullable Call call(String name) {
        Call call = CALLS.get(name);
        if (call == null) {
            call = Conversions.CALLS.get(name);
        }
        return call == null ? Dates.CALLS.get(name) : call;
    }

    /** Whether a call with a constant is computed when the program is made. */
    public static boolean isConversion(String name) {
        return Conversions.CALLS.containsKey(name) || name.equals("dyn") || name.equals("type");
    }

    /** Of operators and standard functions: upstream names the operator where the first value has no such operator at all. */
    @SuppressWarnings("DoNotCallSuggester") // it stands where a value would
    static Object none(String function, Object... args) {
        boolean has = args[0] instanceof String
                || switch (function) {
                    case "_+_" ->
                        isText(args[0]) || args[0] instanceof ListValue || isTime(args[0]) || Numbers.isNumber(args[0]);
                    case "_-_" -> isTime(args[0]) || Numbers.isNumber(args[0]);
                    case "_*_", "_/_" -> Numbers.isNumber(args[0]);
                    case "_%_" -> args[0] instanceof Long || args[0] instanceof UInt;
                    case "_<_", "_<=_", "_>_", "_>=_" ->
                        isText(args[0]) || isTime(args[0]) || args[0] instanceof Boolean || Numbers.isNumber(args[0]);
                    case "-_" -> Numbers.isNumber(args[0]) || args[0] instanceof Duration || args[0] instanceof Boolean;
                    default -> true;
                };
        throw has ? CelError.noOverload() : new CelError("no such overload: " + function);
    }

    private static boolean isText(Object value) {
        return value instanceof String || value instanceof Bytes;
    }

    private static boolean isTime(Object value) {
        return value instanceof Instant || value instanceof Duration;
    }

    private static boolean ordered(Object[] a) {
        if ((a[0] instanceof Double x && x.isNaN()) || (a[1] instanceof Double y && y.isNaN())) {
            throw new CelError("NaN values cannot be ordered");
        }
        return true;
    }

    private static int compare(String operator, Object[] a) {
        Integer order = compare(a[0], a[1]);
        return order == null ? (Integer) none(operator, a) : order;
    }

    /** Orders two values, or null when they have no order. Text goes by code points. */
    static @Nullable Integer compare(Object x, Object y) {
        if (Numbers.isNumber(x) && Numbers.isNumber(y)) {
            return Numbers.compare(x, y);
        }
        return switch (x) {
            case String s when y instanceof String t -> compareText(s, t);
            case Boolean b when y instanceof Boolean c -> Boolean.compare(b, c);
            case Bytes b when y instanceof Bytes c -> b.compareTo(c);
            case Instant i when y instanceof Instant j -> i.compareTo(j);
            case Duration d when y instanceof Duration d2 -> d.compareTo(d2);
            default -> null;
        };
    }

    private static int compareText(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean surrogates = Character.isSurrogate(x) != Character.isSurrogate(y);
                return surrogates ? (Character.isSurrogate(x) ? 1 : -1) : Character.compare(x, y);
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    private static Object in(Evaluation e, Object[] a) {
        return switch (a[1]) {
            case ListValue list -> {
                for (Object element : list) {
                    if (Equality.equal(e, a[0], element)) {
                        yield true;
                    }
                }
                yield false;
            }
            case MapValue map when !(map instanceof StructValue) -> map.find(a[0]) != null;
            default -> none("@in", a);
        };
    }

    private static Object size(Object[] a) {
        return switch (a[0]) {
            case String s -> Types.sizeOf(s);
            case Bytes b -> Types.sizeOf(b);
            case ListValue l -> l.size();
            case MapValue m when !(m instanceof StructValue) -> m.size();
            default -> throw new CelError("no such overload: size");
        };
    }

    private interface Test {
        boolean test(String text, String other);
    }

    private static Object text(Object[] a, String name, Test test) {
        return a[0] instanceof String s && a[1] instanceof String t ? (Object) test.test(s, t) : none(name, a);
    }

    static UInt uint(long bits) {
        return new UInt(bits);
    }
}
