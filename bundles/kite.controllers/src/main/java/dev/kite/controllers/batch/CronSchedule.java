package dev.kite.controllers.batch;

import dev.kite.api.arguments.GoDurations;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A cron expression as Kubernetes reads it: five fields (minute, hour, day of month, month, day of week) with lists, ranges, steps, names and {@code ?}, or
 * {@code @hourly} and its like, or {@code @every} with a duration. Where both days are restricted, either one is enough. Immutable.
 */
final class CronSchedule {
    private static final Map<String, String> MACROS = Map.of(
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *",
            "@monthly", "0 0 1 * *",
            "@weekly", "0 0 * * 0",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@hourly", "0 * * * *");
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

    /** A schedule that names no day within five years (30 February) never comes. */
    private static final int YEARS = 5;

    private static final int LONGEST = 1024;

    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet days;
    private final BitSet months;
    private final BitSet weekdays;
    private final boolean eitherDay;
    private final @Nullable Duration every;

    private CronSchedule(List<Field> fields, @Nullable Duration every) {
        this.minutes = fields.get(0).values();
        this.hours = fields.get(1).values();
        this.days = fields.get(2).values();
        this.months = fields.get(3).values();
        this.weekdays = fields.get(4).values();
        this.eitherDay = !fields.get(2).star() && !fields.get(4).star();
        this.every = every;
    }

    private record Field(BitSet values, boolean star) {}

    /**
     * Reads an expression.
     *
     * @param text the expression
     * @return the schedule
     * @throws IllegalArgumentException if it is malformed; the message says where
     */
    static CronSchedule parse(String text) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("longer than " + LONGEST + " characters");
        }
        String expression = text.strip();
        if (expression.startsWith("@every ")) {
            return new CronSchedule(
                    fields("* * * * *"), every(expression.substring(7).strip()));
        }
        if (expression.startsWith("@")) {
            String macro = MACROS.get(expression);
            if (macro == null) {
                throw new IllegalArgumentException("unrecognized descriptor: " + expression);
            }
            expression = macro;
        }
        return new CronSchedule(fields(expression), null);
    }

    private static Duration every(String text) {
        try {
            Duration every = GoDurations.parse(text);
            if (every.isPositive()) {
                return every;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("failed to parse duration @every " + text + ": " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("failed to parse duration @every " + text);
    }

    private static List<Field> fields(String expression) {
        String[] parts = expression.split("\\s+");
        if (parts.length != 5) {
            throw new IllegalArgumentException(
                    "expected exactly 5 fields, found " + parts.length + ": [" + expression + "]");
        }
        Field weekdays = field(parts[4], 0, 7, DAYS);
        if (weekdays.values().get(7)) {
            weekdays.values().set(0);
        }
        return List.of(
                field(parts[0], 0, 59, List.of()),
                field(parts[1], 0, 23, List.of()),
                field(parts[2], 1, 31, List.of()),
                field(parts[3], 1, 12, MONTHS),
                weekdays);
    }

    private static Field field(String text, int lowest, int highest, List<String> names) {
        BitSet values = new BitSet();
        boolean star = false;
        for (String part : text.split(",", -1)) {
            int slash = part.indexOf('/');
            String range = slash < 0 ? part : part.substring(0, slash);
            int step = slash < 0 ? 1 : number(part.substring(slash + 1), List.of(), 0);
            if (step < 1) {
                throw new IllegalArgumentException("step of range should be a positive number: " + part);
            }
            boolean all = range.equals("*") || range.equals("?");
            int dash = range.indexOf('-');
            int first = all ? lowest : number(dash < 0 ? range : range.substring(0, dash), names, lowest);
            int last;
            if (all) {
                last = names.equals(DAYS) ? 6 : highest;
            } else if (dash >= 0) {
                last = number(range.substring(dash + 1), names, lowest);
            } else {
                last = slash < 0 ? first : highest;
            }
            if (first < lowest || last > highest || first > last) {
                throw new IllegalArgumentException("not a range from " + lowest + " to " + highest + ": " + part);
            }
            for (int value = first; value <= last; value += step) {
                values.set(value);
            }
            star |= all && step == 1;
        }
        return new Field(values, star);
    }

    private static int number(String text, List<String> names, int base) {
        int name = names.indexOf(text.toLowerCase(Locale.ROOT));
        if (name >= 0) {
            return name + base;
        }
        if (!text.matches("[0-9]{1,4}")) {
            throw new IllegalArgumentException("failed to parse number: " + text);
        }
        return Integer.parseInt(text);
    }

    /**
     * Finds the next time.
     *
     * @param after strictly after this time, in the schedule's zone
     * @return the time, or null for never
     */
    @Nullable
    ZonedDateTime next(ZonedDateTime after) {
        if (every != null) {
            Duration whole = every.compareTo(Duration.ofSeconds(1)) < 0
                    ? Duration.ofSeconds(1)
                    : every.truncatedTo(ChronoUnit.SECONDS);
            return after.withNano(0).plus(whole);
        }
        ZoneId zone = after.getZone();
        LocalDateTime start = after.toLocalDateTime().withSecond(0).withNano(0).plusMinutes(1);
        LocalDate limit = start.toLocalDate().plusYears(YEARS);
        for (LocalDate day = start.toLocalDate(); day.isBefore(limit); day = day.plusDays(1)) {
            if (!months.get(day.getMonthValue())) {
                // On to the day before the next month; the loop adds one.
                day = day.withDayOfMonth(day.lengthOfMonth());
                continue;
            }
            if (!matches(day)) {
                continue;
            }
            ZonedDateTime found = within(day, start, zone, after);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private boolean matches(LocalDate day) {
        boolean dayOfMonth = days.get(day.getDayOfMonth());
        boolean dayOfWeek = weekdays.get(day.getDayOfWeek().getValue() % 7);
        return eitherDay ? dayOfMonth || dayOfWeek : dayOfMonth && dayOfWeek;
    }

    private @Nullable ZonedDateTime within(LocalDate day, LocalDateTime start, ZoneId zone, ZonedDateTime after) {
        boolean first = day.equals(start.toLocalDate());
        for (int hour = hours.nextSetBit(first ? start.getHour() : 0); hour >= 0; hour = hours.nextSetBit(hour + 1)) {
            int from = first && hour == start.getHour() ? start.getMinute() : 0;
            for (int minute = minutes.nextSetBit(from); minute >= 0; minute = minutes.nextSetBit(minute + 1)) {
                LocalDateTime local = day.atTime(hour, minute);
                ZonedDateTime time = ZonedDateTime.of(local, zone);
                // A time that the clocks skip in spring does not come; one that comes twice in autumn counts once.
                if (time.toLocalDateTime().equals(local) && time.isAfter(after)) {
                    return time;
                }
            }
        }
        return null;
    }

    /**
     * Reads a time zone.
     *
     * @param name the zone's name, empty for UTC
     * @return the zone
     * @throws IllegalArgumentException if there is none of that name
     */
    static ZoneId zone(String name) {
        try {
            return name.isEmpty() ? ZoneId.of("UTC") : ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("unknown time zone " + name, e);
        }
    }
}
