package dev.kite.model;

import org.jspecify.annotations.Nullable;

/**
 * A 32-bit number or a string: a port by number or name, a count or a percentage.
 *
 * @param text the string; null where it is a number
 * @param number the number; 0 where it is a string
 */
public record IntOrString(@Nullable String text, int number) {

    /** A number. */
    public static IntOrString of(int number) {
        return new IntOrString(null, number);
    }

    /** A string. */
    public static IntOrString of(String text) {
        return new IntOrString(text, 0);
    }

    /** Whether it is a string. */
    public boolean isString() {
        return text != null;
    }

    /** The number, or what the string says as one; 0 where it is none. */
    public int intValue() {
        if (text == null) {
            return number;
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 0; // Kubernetes' meaning of a name that is asked for as a number
        }
    }

    /**
     * The number, or the percentage of {@code total}.
     *
     * @param roundUp which way a fraction goes
     * @throws IllegalArgumentException where the string is no percentage
     */
    public int scaled(int total, boolean roundUp) {
        String percent = text;
        if (percent == null) {
            return number;
        }
        if (!percent.endsWith("%")) {
            throw new IllegalArgumentException(
                    "invalid value for IntOrString: invalid type: string is not a percentage");
        }
        try {
            long share = (long) Integer.parseInt(percent.substring(0, percent.length() - 1)) * total;
            return Math.toIntExact(roundUp ? Math.ceilDiv(share, 100) : share / 100);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("invalid value for IntOrString: invalid value \"" + percent + "\"", e);
        }
    }

    @Override
    public String toString() {
        return text == null ? Integer.toString(number) : text;
    }
}
