package dev.kite.api.arguments;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go writes them: {@code 1h2m3.5s}, {@code 300ms}, {@code 0}. Pure. */
final class GoDurations {
    private static final Pattern WHOLE =
            Pattern.compile("[+-]?(?:0|(?:(?:\\d{1,15}(?:\\.\\d{0,15})?|\\.\\d{1,15})(?:ns|us|µs|ms|s|m|h)){1,10})");
    private static final Pattern PART = Pattern.compile("(\\d*\\.?\\d*)(ns|us|µs|ms|s|m|h)");
    private static final Map<String, Long> NANOS = Map.of(
            "ns",
            1L,
            "us",
            1_000L,
            "µs",
            1_000L,
            "ms",
            1_000_000L,
            "s",
            1_000_000_000L,
            "m",
            60_000_000_000L,
            "h",
            3_600_000_000_000L);

    private GoDurations() {}

    static Duration parse(String text) {
        if (text.length() > 64 || !WHOLE.matcher(text).matches()) {
            throw new IllegalArgumentException("time: invalid duration \"" + text + "\"");
        }
        BigDecimal nanos = BigDecimal.ZERO;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            nanos = nanos.add(new BigDecimal("0" + part.group(1))
                    .multiply(BigDecimal.valueOf(NANOS.getOrDefault(part.group(2), 0L))));
        }
        if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException("time: invalid duration \"" + text + "\"");
        }
        Duration duration = Duration.ofNanos(nanos.longValue());
        return text.startsWith("-") ? duration.negated() : duration;
    }
}
