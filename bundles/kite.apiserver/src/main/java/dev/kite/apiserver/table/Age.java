package dev.kite.apiserver.table;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** How long ago, in the two largest units that matter, as kubectl shows ages. Stateless. */
final class Age {
    private Age() {}

    /** Reads a Kubernetes time, null if it is none. */
    static @Nullable Instant parse(String time) {
        if (time.isEmpty()) {
            return null;
        }
        try {
            return OffsetDateTime.parse(time).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Words the time since then: {@code 5m3s}, or {@code <unknown>} without a time. */
    static String since(String time, Instant now) {
        Instant then = parse(time);
        return then == null ? "<unknown>" : human(Duration.between(then, now));
    }

    /** The time as RFC 3339 to the second in UTC; the year 1 where there is none. */
    static String stamp(String time) {
        Instant then = parse(time);
        return then == null
                ? "0001-01-01T00:00:00Z"
                : DateTimeFormatter.ISO_INSTANT.format(then.truncatedTo(ChronoUnit.SECONDS));
    }

    /** Words a duration. The limits are those of apimachinery's HumanDuration, which scripts compare with. */
    static String human(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < -1) {
            return "<invalid>";
        }
        if (seconds < 0) {
            return "0s";
        }
        if (seconds < 120) {
            return seconds + "s";
        }
        long minutes = seconds / 60;
        if (minutes < 10) {
            return two(minutes, "m", seconds % 60, "s");
        }
        if (minutes < 180) {
            return minutes + "m";
        }
        long hours = minutes / 60;
        if (hours < 8) {
            return two(hours, "h", minutes % 60, "m");
        }
        if (hours < 48) {
            return hours + "h";
        }
        long days = hours / 24;
        if (days < 8) {
            return two(days, "d", hours % 24, "h");
        }
        if (days < 2 * 365) {
            return days + "d";
        }
        long years = days / 365;
        return years < 8 ? two(years, "y", days % 365, "d") : years + "y";
    }

    private static String two(long large, String largeUnit, long small, String smallUnit) {
        return small == 0 ? large + largeUnit : large + largeUnit + small + smallUnit;
    }
}
