package dev.kite.cel.library;

import static dev.kite.cel.library.Standard.none;

import dev.kite.cel.eval.Bytes;
import dev.kite.cel.eval.CelError;
import dev.kite.cel.eval.Equality;
import dev.kite.cel.eval.Evaluation;
import dev.kite.cel.eval.ListValue;
import dev.kite.cel.eval.Times;
import dev.kite.cel.eval.UInt;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;

/** The operators on numbers, text, bytes, lists, timestamps and durations; overflow is an error. */
final class Arithmetic {
    /** Characters of a text that expressions make at most; what a call's cost permits is less but for format() and replace(). */
    static final int MAX_TEXT = 16 << 20;

    private Arithmetic() {}

    private static CelError overflow() {
        return new CelError("integer overflow");
    }

    private static CelError unsigned() {
        return new CelError("unsigned integer overflow");
    }

    static Object negate(Evaluation e, Object[] a) {
        return switch (a[0]) {
            case Long l when l == Long.MIN_VALUE -> throw overflow();
            case Long l -> -l;
            case Double d -> -d;
            case Duration d -> Times.check(d.negated());
            default -> none("-_", a);
        };
    }

    static Object add(Evaluation e, Object[] a) {
        return switch (a[0]) {
            case Long x when a[1] instanceof Long y -> exact(() -> Math.addExact(x, y));
            case Double x when a[1] instanceof Double y -> x + y;
            case UInt x
            when a[1] instanceof UInt y -> {
                long sum = x.bits() + y.bits();
                if (Long.compareUnsigned(sum, x.bits()) < 0) {
                    throw unsigned();
                }
                yield new UInt(sum);
            }
            case String x when a[1] instanceof String y -> text(e, x, y);
            case Bytes x when a[1] instanceof Bytes y -> bytes(e, x, y);
            case ListValue x when a[1] instanceof ListValue y -> Equality.add(e, x, y);
            case Instant x when a[1] instanceof Duration y -> Times.check(x.plus(y));
            case Duration x when a[1] instanceof Instant y -> Times.check(y.plus(x));
            case Duration x when a[1] instanceof Duration y -> Times.check(x.plus(y));
            default -> none("_+_", a);
        };
    }

    private static String text(Evaluation e, String x, String y) {
        check((long) x.length() + y.length());
        e.make((long) x.length() + y.length());
        return x.concat(y);
    }

    /** Text of this length may be made. */
    static void check(long length) {
        if (length > MAX_TEXT) {
            throw new CelError("text too large: " + length + " characters");
        }
    }

    private static Bytes bytes(Evaluation e, Bytes x, Bytes y) {
        e.make((long) x.value().length + y.value().length);
        check((long) x.value().length + y.value().length);
        byte[] both = java.util.Arrays.copyOf(x.value(), x.value().length + y.value().length);
        System.arraycopy(y.value(), 0, both, x.value().length, y.value().length);
        return new Bytes(both);
    }

    static Object subtract(Evaluation e, Object[] a) {
        return switch (a[0]) {
            case Long x when a[1] instanceof Long y -> exact(() -> Math.subtractExact(x, y));
            case Double x when a[1] instanceof Double y -> x - y;
            case UInt x
            when a[1] instanceof UInt y -> {
                if (x.compareTo(y) < 0) {
                    throw unsigned();
                }
                yield new UInt(x.bits() - y.bits());
            }
            case Instant x when a[1] instanceof Duration y -> Times.check(x.minus(y));
            case Instant x when a[1] instanceof Instant y -> Times.check(Duration.between(y, x));
            case Duration x when a[1] instanceof Duration y -> Times.check(x.minus(y));
            default -> none("_-_", a);
        };
    }

    static Object multiply(Evaluation e, Object[] a) {
        return switch (a[0]) {
            case Long x when a[1] instanceof Long y -> exact(() -> Math.multiplyExact(x, y));
            case Double x when a[1] instanceof Double y -> x * y;
            case UInt x
            when a[1] instanceof UInt y -> {
                BigInteger product = new BigInteger(x.toString()).multiply(new BigInteger(y.toString()));
                if (product.bitLength() > 64) {
                    throw unsigned();
                }
                yield new UInt(product.longValue());
            }
            default -> none("_*_", a);
        };
    }

    static Object divide(Evaluation e, Object[] a) {
        return switch (a[0]) {
            case Long x
            when a[1] instanceof Long y -> {
                nonZero(y, "division by zero");
                if (x == Long.MIN_VALUE && y == -1) {
                    throw overflow();
                }
                yield x / y;
            }
            case Double x when a[1] instanceof Double y -> x / y;
            case UInt x
            when a[1] instanceof UInt y -> {
                nonZero(y.bits(), "division by zero");
                yield new UInt(Long.divideUnsigned(x.bits(), y.bits()));
            }
            default -> none("_/_", a);
        };
    }

    static Object modulo(Evaluation e, Object[] a) {
        return switch (a[0]) {
            case Long x
            when a[1] instanceof Long y -> {
                nonZero(y, "modulus by zero");
                if (x == Long.MIN_VALUE && y == -1) {
                    throw overflow();
                }
                yield x % y;
            }
            case UInt x
            when a[1] instanceof UInt y -> {
                nonZero(y.bits(), "modulus by zero");
                yield new UInt(Long.remainderUnsigned(x.bits(), y.bits()));
            }
            default -> none("_%_", a);
        };
    }

    private static void nonZero(long divisor, String message) {
        if (divisor == 0) {
            throw new CelError(message);
        }
    }

    private static long exact(java.util.function.LongSupplier operation) {
        try {
            return operation.getAsLong();
        } catch (ArithmeticException e) {
            throw overflow();
        }
    }
}
