package dev.kite.model;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;

/** Reads quantities: {@code sign? digits (. digits)? suffix?}. */
final class QuantityParser {
    /** Longer text is refused: no amount that fits the bounds needs it. */
    private static final int MAX_LENGTH = 256;

    private static final int MAX_EXPONENT = 512;
    private static final String WRONG =
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    private static final String SUFFIX = "unable to parse quantity's suffix";
    private static final String NUMERIC = "unable to parse numeric part of quantity";
    private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final Map<String, Integer> DECIMAL =
            Map.of("n", -9, "u", -6, "m", -3, "", 0, "k", 3, "M", 6, "G", 9, "T", 12, "P", 15, "E", 18);
    private static final Map<String, Integer> BINARY =
            Map.of("Ki", 10, "Mi", 20, "Gi", 30, "Ti", 40, "Pi", 50, "Ei", 60);

    private QuantityParser() {}

    static Quantity parse(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            throw new QuantityFormatException(WRONG);
        }
        int start = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
        int end = digits(text, start);
        int whole = end - start;
        int fraction = 0;
        if (end < text.length() && text.charAt(end) == '.') {
            int after = digits(text, end + 1);
            fraction = after - end - 1;
            end = after;
        }
        String suffix = text.substring(end);
        checkSuffix(suffix);
        if (whole + fraction == 0) {
            throw new QuantityFormatException(end == start ? WRONG : NUMERIC);
        }
        String number = text.substring(start, end);
        BigDecimal value = new BigDecimal(number.endsWith(".") ? number + "0" : number);
        return scale(text.charAt(0) == '-' ? value.negate() : value, suffix);
    }

    private static Quantity scale(BigDecimal value, String suffix) {
        Integer decimal = DECIMAL.get(suffix);
        if (decimal != null) {
            return Quantity.of(value.scaleByPowerOfTen(decimal), Quantity.Format.DECIMAL_SI);
        }
        Integer binary = BINARY.get(suffix);
        if (binary != null) {
            BigDecimal amount = value.multiply(new BigDecimal(BigInteger.ONE.shiftLeft(binary)));
            BigDecimal capped = amount.min(MAX).max(MAX.negate());
            boolean small = capped.abs().compareTo(BigDecimal.ONE) < 0;
            return Quantity.of(capped, small ? Quantity.Format.DECIMAL_SI : Quantity.Format.BINARY_SI);
        }
        return Quantity.of(value.scaleByPowerOfTen(exponent(suffix)), Quantity.Format.DECIMAL_EXPONENT);
    }

    private static int exponent(String suffix) {
        if (suffix.length() > 1 && (suffix.charAt(0) == 'e' || suffix.charAt(0) == 'E')) {
            try {
                int exponent = Integer.parseInt(suffix.substring(1));
                if (Math.abs(exponent) <= MAX_EXPONENT) {
                    return exponent;
                }
            } catch (NumberFormatException e) {
                throw new QuantityFormatException(SUFFIX);
            }
        }
        throw new QuantityFormatException(SUFFIX);
    }

    private static void checkSuffix(String suffix) {
        int at = 0;
        while (at < suffix.length() && "eEinumkKMGTP".indexOf(suffix.charAt(at)) >= 0) {
            at++;
        }
        if (at < suffix.length() && (suffix.charAt(at) == '-' || suffix.charAt(at) == '+')) {
            at++;
        }
        if (digits(suffix, at) != suffix.length()) {
            throw new QuantityFormatException(WRONG);
        }
    }

    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }
}
