package dev.kite.cel.eval;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Numbers of CEL's three types compared and converted without loss. */
public final class Numbers {
    private static final double TWO_63 = 0x1p63;
    private static final double TWO_64 = 0x1p64;

    private Numbers() {}

    /** Whether it is an int, uint or double. */
    public static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof UInt || value instanceof Double;
    }

    /** As a whole signed number, or null when it isn't one. */
    public static @Nullable Long exactLong(Object value) {
        return switch (value) {
            case Long l -> l;
            case UInt u when u.bits() >= 0 -> u.bits();
            case Double d when d == Math.rint(d) && d >= -TWO_63 && d < TWO_63 -> d.longValue();
            default -> null;
        };
    }

    /** The number itself where it isn't whole, else the one form that numbers of all types share: Long, or UInt above its range. */
    public static Object key(Object number) {
        Long whole = exactLong(number);
        if (whole != null) {
            return whole;
        }
        UInt unsigned = exactUInt(number);
        return unsigned == null ? number : unsigned;
    }

    static @Nullable UInt exactUInt(Object value) {
        return switch (value) {
            case UInt u -> u;
            case Long l when l >= 0 -> new UInt(l);
            case Double d
            when d == Math.rint(d) && d >= 0 && d < TWO_64 ->
                new UInt(new BigDecimal(d).toBigInteger().longValue());
            default -> null;
        };
    }

    /** Whether two numbers are the same number; NaN never is. */
    public static boolean same(Object a, Object b) {
        if ((a instanceof Double x && x.isNaN()) || (b instanceof Double y && y.isNaN())) {
            return false;
        }
        return compare(a, b) == 0;
    }

    /** Orders two numbers of any types. NaN must not be among them. */
    public static int compare(Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            return Long.compare(x, y);
        }
        if (a instanceof Double x && b instanceof Double y) {
            return x.doubleValue() == y.doubleValue() ? 0 : Double.compare(x, y);
        }
        if (a instanceof UInt x && b instanceof UInt y) {
            return x.compareTo(y);
        }
        if (a instanceof Double x && x.isInfinite()) {
            return x > 0 ? 1 : -1;
        }
        if (b instanceof Double y && y.isInfinite()) {
            return y > 0 ? -1 : 1;
        }
        return exact(a).compareTo(exact(b));
    }

    private static BigDecimal exact(Object number) {
        return switch (number) {
            case Long l -> BigDecimal.valueOf(l);
            case UInt u -> new BigDecimal(new BigInteger(u.toString()));
            case Double d -> new BigDecimal(d);
            default -> throw new IllegalArgumentException(number.toString());
        };
    }

    /** A double as a signed integer, cut towards zero. */
    public static long toLong(double value) {
        if (Double.isNaN(value) || value <= -TWO_63 || value >= TWO_63) {
            throw new CelError("integer overflow");
        }
        return (long) value;
    }

    /** A double as an unsigned integer, cut towards zero. */
    public static UInt toUInt(double value) {
        if (Double.isNaN(value) || value < 0 || value >= TWO_64) {
            throw new CelError("unsigned integer overflow");
        }
        return new UInt(new BigDecimal(value).toBigInteger().longValue());
    }
}
