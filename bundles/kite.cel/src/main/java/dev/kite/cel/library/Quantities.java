package dev.kite.cel.library;

import dev.kite.cel.eval.CelError;
import dev.kite.cel.eval.LibraryValue;
import dev.kite.model.Quantity;
import java.math.BigDecimal;
import java.util.List;

/** Resource quantities. */
final class Quantities {
    private static final String TYPE = "kubernetes.Quantity";
    private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final BigDecimal MIN = BigDecimal.valueOf(Long.MIN_VALUE);

    static final List<Function> FUNCTIONS = List.of(
            Function.of("string_to_quantity", "quantity(string) " + TYPE, (e, a) -> parse((String) a[0])),
            Function.of("is_quantity_string", "isQuantity(string) bool", (e, a) -> isQuantity((String) a[0])),
            Function.of("quantity_sign", "sign(" + TYPE + ") int", (e, a) -> (long) of(a[0]).signum()),
            Function.of(
                    "quantity_is_greater_than",
                    TYPE + "#isGreaterThan(" + TYPE + ") bool",
                    (e, a) -> of(a[0]).compareTo(of(a[1])) > 0),
            Function.of(
                    "quantity_is_less_than",
                    TYPE + "#isLessThan(" + TYPE + ") bool",
                    (e, a) -> of(a[0]).compareTo(of(a[1])) < 0),
            Function.of("quantity_compare_to", TYPE + "#compareTo(" + TYPE + ") int", (e, a) ->
                    (long) Integer.signum(of(a[0]).compareTo(of(a[1])))),
            Function.of("quantity_get_float", TYPE + "#asApproximateFloat() double", (e, a) -> of(a[0]).toDouble()),
            Function.of("quantity_get_int", TYPE + "#asInteger() int", (e, a) -> integer(of(a[0]))),
            Function.of("quantity_is_integer", TYPE + "#isInteger() bool", (e, a) -> isInteger(of(a[0]))),
            Function.of(
                    "quantity_add", TYPE + "#add(" + TYPE + ") " + TYPE, (e, a) -> new Value(of(a[0]).add(of(a[1])))),
            Function.of(
                    "quantity_add_int",
                    TYPE + "#add(int) " + TYPE,
                    (e, a) -> new Value(of(a[0]).add(Quantity.of((Long) a[1])))),
            Function.of(
                    "quantity_sub",
                    TYPE + "#sub(" + TYPE + ") " + TYPE,
                    (e, a) -> new Value(of(a[0]).subtract(of(a[1])))),
            Function.of(
                    "quantity_sub_int",
                    TYPE + "#sub(int) " + TYPE,
                    (e, a) -> new Value(of(a[0]).subtract(Quantity.of((Long) a[1])))));

    private Quantities() {}

    /** A quantity; equal to another of the same amount. */
    record Value(Quantity quantity) implements LibraryValue {
        @Override
        public String typeName() {
            return TYPE;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Value v && quantity.compareTo(v.quantity) == 0;
        }

        @Override
        public int hashCode() {
            return quantity.toBigDecimal().stripTrailingZeros().hashCode();
        }

        @Override
        public String toString() {
            return quantity.toString();
        }
    }

    private static Quantity of(Object value) {
        return ((Value) value).quantity;
    }

    private static Value parse(String text) {
        try {
            if (text.length() > 256) {
                throw new IllegalArgumentException("too long");
            }
            return new Value(Quantity.parse(text));
        } catch (IllegalArgumentException e) {
            throw new CelError(
                    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
        }
    }

    private static boolean isQuantity(String text) {
        try {
            parse(text);
            return true;
        } catch (CelError e) {
            return false;
        }
    }

    private static boolean isInteger(Quantity quantity) {
        BigDecimal value = quantity.toBigDecimal();
        return value.compareTo(MAX) <= 0
                && value.compareTo(MIN) >= 0
                && value.stripTrailingZeros().scale() <= 0;
    }

    private static long integer(Quantity quantity) {
        if (!isInteger(quantity)) {
            throw new CelError("cannot convert value to integer");
        }
        return quantity.toBigDecimal().longValueExact();
    }
}
