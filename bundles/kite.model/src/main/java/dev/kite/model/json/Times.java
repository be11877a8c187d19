package dev.kite.model.json;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;

/** Kubernetes' two forms of time, both RFC 3339 in UTC: whole seconds, and six digits of microseconds. */
public final class Times {
    /** Go's zero time: what null stands for inside a list or map, where a value cannot be absent. */
    public static final Instant ZERO = Instant.parse("0001-01-01T00:00:00Z");

    private static final DateTimeFormatter SECONDS =
            new DateTimeFormatterBuilder().appendInstant(0).toFormatter(java.util.Locale.ROOT);
    private static final DateTimeFormatter MICROS =
            new DateTimeFormatterBuilder().appendInstant(6).toFormatter(java.util.Locale.ROOT);

    private Times() {}

    /** {@code 2006-01-02T15:04:05Z}. */
    public static String seconds(Instant time) {
        return SECONDS.format(time);
    }

    /** {@code 2006-01-02T15:04:05.000000Z}. */
    public static String micros(Instant time) {
        return MICROS.format(time);
    }

    /**
     * Reads RFC 3339 with any offset, and drops what is finer than {@code unit}.
     *
     * @throws DateTimeException where it is none
     */
    public static Instant parse(String text, ChronoUnit unit) {
        if (text.endsWith("Z")) {
            return Instant.parse(text).truncatedTo(unit);
        }
        return OffsetDateTime.parse(text)
                .withOffsetSameInstant(ZoneOffset.UTC)
                .toInstant()
                .truncatedTo(unit);
    }
}
