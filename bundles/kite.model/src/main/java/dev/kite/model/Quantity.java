package dev.kite.model;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * An exact amount with a unit prefix, as Kubernetes writes resources: {@code 100m}, {@code 1Gi}, {@code 5e3}. Never finer
 * than a billionth: finer amounts are rounded away from zero. {@code toString} is the canonical form: no fraction, the
 * largest prefix that keeps it exact. Equal where the amounts are equal, whatever the prefix.
 */
public final class Quantity implements Comparable<Quantity> {

    /** The family of prefixes in which an amount is written. */
    public enum Format {
        /** Powers of 1024: Ki, Mi, Gi, Ti, Pi, Ei. */
        BINARY_SI,
        /** Powers of 1000: n, u, m, none, k, M, G, T, P, E. */
        DECIMAL_SI,
        /** Powers of 1000 as exponents: e3, e6. */
        DECIMAL_EXPONENT
    }

    /** Zero. */
    public static final Quantity ZERO = new Quantity(BigDecimal.ZERO, Format.DECIMAL_SI);

    private static final BigDecimal K = BigDecimal.valueOf(1024);
    private static final BigInteger BIG_K = BigInteger.valueOf(1024);
    private static final BigDecimal LONG_MAX = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final BigDecimal LONG_MIN = BigDecimal.valueOf(Long.MIN_VALUE);
    private static final String[] BINARY = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
    private static final String[] DECIMAL = {"n", "u", "m", "", "k", "M", "G", "T", "P", "E"};

    private final BigDecimal amount;
    private final Format format;

    private Quantity(BigDecimal amount, Format format) {
        this.amount = amount;
        this.format = format;
    }

    static Quantity of(BigDecimal amount, Format format) {
        BigDecimal bounded = amount.scale() > 9 ? amount.setScale(9, RoundingMode.UP) : amount;
        return new Quantity(bounded.signum() == 0 ? BigDecimal.ZERO : bounded, format);
    }

    /** A whole amount, written with decimal prefixes. */
    public static Quantity of(long value) {
        return of(BigDecimal.valueOf(value), Format.DECIMAL_SI);
    }

    /** A whole amount of bytes, written with binary prefixes. */
    public static Quantity ofBytes(long bytes) {
        return of(BigDecimal.valueOf(bytes), Format.BINARY_SI);
    }

    /** Thousandths: {@code ofMilli(1500)} is 1500m. */
    public static Quantity ofMilli(long thousandths) {
        return of(BigDecimal.valueOf(thousandths, 3), Format.DECIMAL_SI);
    }

    /** Billionths. */
    public static Quantity ofNano(long billionths) {
        return of(BigDecimal.valueOf(billionths, 9), Format.DECIMAL_SI);
    }

    /**
     * Reads any form.
     *
     * @throws QuantityFormatException where it is none
     */
    public static Quantity parse(String text) {
        return QuantityParser.parse(text);
    }

    /** The family of prefixes. */
    public Format format() {
        return format;
    }

    /** The exact amount. */
    public BigDecimal toBigDecimal() {
        return amount;
    }

    /** The amount as a double, rounded. */
    public double toDouble() {
        return amount.doubleValue();
    }

    /** The amount rounded away from zero to a whole number, bounded by long. */
    public long value() {
        return scaled(0);
    }

    /** The amount in thousandths, rounded away from zero, bounded by long. */
    public long milliValue() {
        return scaled(3);
    }

    /** The amount in billionths, bounded by long. */
    public long nanoValue() {
        return scaled(9);
    }

    private long scaled(int digits) {
        BigDecimal whole = amount.movePointRight(digits).setScale(0, RoundingMode.UP);
        return whole.min(LONG_MAX).max(LONG_MIN).longValue();
    }

    /** -1, 0 or 1. */
    public int signum() {
        return amount.signum();
    }

    /** Whether it is zero. */
    public boolean isZero() {
        return amount.signum() == 0;
    }

    /** The sum, in this one's format; in the other's where this is zero, as Kubernetes adds. */
    public Quantity add(Quantity other) {
        return of(amount.add(other.amount), isZero() ? other.format : format);
    }

    /** The difference, in this one's format; in the other's where this is zero. */
    public Quantity subtract(Quantity other) {
        return of(amount.subtract(other.amount), isZero() ? other.format : format);
    }

    /** The product. */
    public Quantity multiply(long factor) {
        return of(amount.multiply(BigDecimal.valueOf(factor)), format);
    }

    /** The negative. */
    public Quantity negate() {
        return of(amount.negate(), format);
    }

    /** The larger. */
    public Quantity max(Quantity other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /** The smaller. */
    public Quantity min(Quantity other) {
        return compareTo(other) <= 0 ? this : other;
    }

    @Override
    public int compareTo(Quantity other) {
        return amount.compareTo(other.amount);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Quantity that && amount.compareTo(that.amount) == 0;
    }

    @Override
    public int hashCode() {
        return amount.stripTrailingZeros().hashCode();
    }

    /** The canonical form. */
    @Override
    public String toString() {
        if (amount.signum() == 0) {
            return "0";
        }
        if (format == Format.BINARY_SI && amount.abs().compareTo(K) >= 0) {
            BigDecimal plain = amount.stripTrailingZeros();
            if (plain.scale() <= 0) {
                return binary(plain.toBigIntegerExact());
            }
        }
        return decimal(format == Format.DECIMAL_EXPONENT);
    }

    private static String binary(BigInteger value) {
        int power = 0;
        BigInteger rest = value;
        while (power < BINARY.length - 1) {
            BigInteger[] parts = rest.divideAndRemainder(BIG_K);
            if (parts[1].signum() != 0) {
                break;
            }
            rest = parts[0];
            power++;
        }
        return rest + BINARY[power];
    }

    private String decimal(boolean exponents) {
        BigDecimal plain = amount.stripTrailingZeros();
        int power = Math.floorDiv(-plain.scale(), 3);
        if (!exponents) {
            power = Math.min(power, 6);
        }
        BigInteger mantissa = plain.movePointLeft(power * 3).toBigIntegerExact();
        if (exponents) {
            return power == 0 ? mantissa.toString() : mantissa + "e" + power * 3;
        }
        return mantissa + DECIMAL[power + 3];
    }
}
