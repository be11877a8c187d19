package dev.kite.api.arguments;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/** Durations as Go and so Kubernetes' arguments and files write them: {@code 1h2m3.5s}, {@code 300ms}, {@code 0}; refused in Go's words. Pure. */
public final class GoDurations {
    private static final int LONGEST = 64;
    private static final Map<String, Long> NANOS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "µs", 1_000L,
            "μs", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L);

    private GoDurations() {}

    /**
     * Reads one.
     *
     * @param text the text
     * @return the duration, at most 292 years
     * @throws IllegalArgumentException if it is none; the message is one line, as Go's
     */
    public static Duration parse(String text) {
        if (text.length() > LONGEST) {
            throw invalid(text.substring(0, LONGEST) + "…");
        }
        boolean negative = text.startsWith("-");
        String rest = negative || text.startsWith("+") ? text.substring(1) : text;
        if (rest.equals("0")) {
            return Duration.ZERO;
        }
        if (rest.isEmpty()) {
            throw invalid(text);
        }
        BigDecimal nanos = BigDecimal.ZERO;
        int at = 0;
        while (at < rest.length()) {
            int unit = end(rest, at, true);
            int next = end(rest, unit, false);
            nanos = nanos.add(number(rest.substring(at, unit), text)
                    .multiply(BigDecimal.valueOf(unit(rest.substring(unit, next), text))));
            at = next;
        }
        if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw invalid(text);
        }
        Duration duration = Duration.ofNanos(nanos.longValue());
        return negative ? duration.negated() : duration;
    }

    /** Where the number (or the unit after it) that begins at a place ends. */
    private static int end(String text, int from, boolean number) {
        int at = from;
        while (at < text.length() && isOfNumber(text.charAt(at)) == number) {
            at++;
        }
        return at;
    }

    private static boolean isOfNumber(char c) {
        return c == '.' || (c >= '0' && c <= '9');
    }

    private static BigDecimal number(String digits, String text) {
        if (digits.isEmpty() || digits.equals(".") || digits.indexOf('.') != digits.lastIndexOf('.')) {
            throw invalid(text);
        }
        return new BigDecimal(digits.endsWith(".") ? digits + "0" : digits);
    }

    private static long unit(String unit, String text) {
        if (unit.isEmpty()) {
            throw new IllegalArgumentException("time: missing unit in duration \"" + text + "\"");
        }
        if (!NANOS.containsKey(unit)) {
            throw new IllegalArgumentException("time: unknown unit \"" + unit + "\" in duration \"" + text + "\"");
        }
        return Objects.requireNonNull(NANOS.get(unit));
    }

    private static IllegalArgumentException invalid(String text) {
        return new IllegalArgumentException("time: invalid duration \"" + text + "\"");
    }
}
