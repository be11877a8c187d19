package dev.kite.security.settings;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go and so Kubernetes' arguments and files write them: 1h30m, 10s, 1.5s, 300ms, 0. */
public final class Durations {
    private static final Pattern PART = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,9})?)(h|m|s|ms|us|µs|ns)");

    private Durations() {}

    /**
     * Reads one.
     *
     * @param text the text
     * @return the duration
     * @throws IllegalArgumentException if it is none
     */
    public static Duration parse(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        boolean negative = text.startsWith("-");
        String rest = negative ? text.substring(1) : text;
        Matcher part = PART.matcher(rest);
        BigDecimal nanos = BigDecimal.ZERO;
        int at = 0;
        while (at < rest.length()) {
            if (rest.length() > 64 || !part.find(at) || part.start() != at) {
                throw new IllegalArgumentException("\"" + text + "\" is not a duration such as 1h30m or 10s");
            }
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit(part.group(2)))));
            at = part.end();
        }
        if (at == 0) {
            throw new IllegalArgumentException("\"" + text + "\" is not a duration such as 1h30m or 10s");
        }
        try {
            long value = nanos.longValueExact();
            return Duration.ofNanos(negative ? -value : value);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("\"" + text + "\" is too long a duration", e);
        }
    }

    private static long unit(String unit) {
        return switch (unit) {
            case "h" -> 3_600_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "s" -> 1_000_000_000L;
            case "ms" -> 1_000_000L;
            case "us", "µs" -> 1_000L;
            default -> 1L;
        };
    }
}
