package dev.kite.cel.library;

import dev.kite.cel.eval.Call;
import dev.kite.cel.eval.CelError;
import dev.kite.cel.eval.Times;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoField;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Parts of timestamps, in UTC or a named zone, and of durations. */
final class Dates {
    static final Map<String, Call> CALLS = Map.ofEntries(
            date("getFullYear", ZonedDateTime::getYear),
            date("getMonth", t -> t.getMonthValue() - 1L),
            date("getDate", ZonedDateTime::getDayOfMonth),
            date("getDayOfMonth", t -> t.getDayOfMonth() - 1L),
            date("getDayOfWeek", t -> t.getDayOfWeek().getValue() % 7L),
            date("getDayOfYear", t -> t.getDayOfYear() - 1L),
            time("getHours", ZonedDateTime::getHour, Duration::toHours),
            time("getMinutes", ZonedDateTime::getMinute, Duration::toMinutes),
            time("getSeconds", ZonedDateTime::getSecond, d -> Times.nanos(d) / 1_000_000_000L),
            time("getMilliseconds", t -> t.get(ChronoField.MILLI_OF_SECOND), Duration::toMillis));

    private Dates() {}

    private static Map.Entry<String, Call> date(String name, ToLongFunction<ZonedDateTime> part) {
        return time(name, part, null);
    }

    private static Map.Entry<String, Call> time(
            String name,
            ToLongFunction<ZonedDateTime> part,
            @org.jspecify.annotations.Nullable ToLongFunction<Duration> ofDuration) {
        return Map.entry(name, (e, a) -> {
            if (a[0] instanceof Duration d && a.length == 1 && ofDuration != null) {
                return ofDuration.applyAsLong(d);
            }
            if (!(a[0] instanceof Instant i)) {
                throw CelError.noOverload(name, a);
            }
            ZoneId zone = ZoneOffset.UTC;
            if (a.length == 2) {
                zone = zone(a[1] instanceof String s ? s : raise(name, a));
            }
            return part.applyAsLong(i.atZone(zone));
        });
    }

    private static String raise(String name, Object[] a) {
        throw CelError.noOverload(name, a);
    }

    private static ZoneId zone(String name) {
        try {
            if (name.isEmpty()) {
                return ZoneOffset.UTC;
            }
            if (name.indexOf(':') > 0) {
                String signed = name.startsWith("-") || name.startsWith("+") ? name : "+" + name;
                return ZoneOffset.of(signed.length() == 5 ? signed.charAt(0) + "0" + signed.substring(1) : signed);
            }
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new CelError("unknown time zone " + name);
        }
    }
}
