package dev.kite.cel.eval;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Timestamps (years 1 to 9999) and durations (64 bits of nanoseconds) as text and in arithmetic. */
public final class Times {
    private static final Instant MIN = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant MAX = Instant.parse("9999-12-31T23:59:59.999999999Z");
    private static final Pattern PART = Pattern.compile("([0-9]*\\.?[0-9]*)([a-zµμ]+)");
    private static final Map<String, Long> UNITS = Map.of(
            "ns",
            1L,
            "us",
            1_000L,
            "µs",
            1_000L,
            "μs",
            1_000L,
            "ms",
            1_000_000L,
            "s",
            1_000_000_000L,
            "m",
            60_000_000_000L,
            "h",
            3_600_000_000_000L);

    private Times() {}

    /** RFC 3339. */
    public static Instant timestamp(String text) {
        try {
            if (text.length() > 64) {
                throw new DateTimeException("too long");
            }
            return check(OffsetDateTime.parse(text, DateTimeFormatter.ISO_OFFSET_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException e) {
            throw new CelError("invalid timestamp: " + text);
        }
    }

    /** Within CEL's years. */
    public static Instant check(Instant instant) {
        if (instant.isBefore(MIN) || instant.isAfter(MAX)) {
            throw new CelError("timestamp overflow");
        }
        return instant;
    }

    /** Within 64 bits of nanoseconds. */
    public static Duration check(Duration duration) {
        nanos(duration);
        return duration;
    }

    /** Nanoseconds. */
    public static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException e) {
            throw new CelError("duration overflow");
        }
    }

    /** Go's form, as in {@code 1h30m} and {@code -1.5s}. */
    public static Duration duration(String text) {
        String s = text;
        boolean negative = s.startsWith("-");
        if (negative || s.startsWith("+")) {
            s = s.substring(1);
        }
        if (s.equals("0")) {
            return Duration.ZERO;
        }
        if (s.isEmpty() || s.length() > 256) {
            throw new CelError("time: invalid duration \"" + text + "\"");
        }
        Matcher parts = PART.matcher(s);
        BigDecimal sum = BigDecimal.ZERO;
        int at = 0;
        while (at < s.length()) {
            if (!parts.find(at) || parts.start() != at) {
                throw new CelError("time: invalid duration \"" + text + "\"");
            }
            Long unit = UNITS.get(parts.group(2));
            String number = parts.group(1);
            if (unit == null || number.isEmpty() || number.equals(".")) {
                throw new CelError("time: unknown unit in duration \"" + text + "\"");
            }
            sum = sum.add(
                    new BigDecimal(number.startsWith(".") ? "0" + number : number).multiply(BigDecimal.valueOf(unit)));
            at = parts.end();
        }
        try {
            java.math.BigInteger nanos = sum.toBigInteger();
            return Duration.ofNanos((negative ? nanos.negate() : nanos).longValueExact());
        } catch (ArithmeticException e) {
            throw new CelError("time: invalid duration \"" + text + "\"");
        }
    }

    /** Go's form, or a number of days or weeks, as values of format duration may have. */
    static Duration lenientDuration(String text) {
        Matcher long1 = Pattern.compile("([0-9]{1,6}) ?(d|days?|w|weeks?)").matcher(text);
        if (long1.matches()) {
            long days = Long.parseLong(long1.group(1)) * (long1.group(2).startsWith("w") ? 7 : 1);
            return check(Duration.ofDays(days));
        }
        return duration(text.replace(" ", ""));
    }

    /** A duration in seconds, as {@code string()} gives it. */
    public static String text(Duration duration) {
        BigDecimal seconds = BigDecimal.valueOf(nanos(duration), 9).stripTrailingZeros();
        return (seconds.scale() < 0 ? seconds.setScale(0) : seconds).toPlainString() + "s";
    }

    /** A timestamp in RFC 3339 with no more digits than it needs. */
    public static String text(Instant instant) {
        String text = DateTimeFormatter.ISO_INSTANT.format(instant);
        int dot = text.indexOf('.');
        if (dot < 0) {
            return text;
        }
        int end = text.length() - 1;
        while (text.charAt(end - 1) == '0') {
            end--;
        }
        return text.substring(0, end) + "Z";
    }
}
