package dev.kite.controllers.batch;

import dev.kite.model.batch.v1.CronJob;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/**
 * When a CronJob runs. Pure.
 *
 * @param due the newest time that has come and was not run, or null
 * @param tooLate whether that time is past its starting deadline
 * @param many whether more than a hundred times were missed
 * @param next how long until the next time, or null for never
 */
record CronPlan(
        @Nullable Instant due,
        boolean tooLate,
        boolean many,
        @Nullable Duration next) {
    /** As upstream counts missed times before it warns. */
    private static final int MANY = 100;

    /** No more than this many are looked at one by one; a schedule of every minute that slept for a week has 10,080. */
    private static final int LOOKED_AT = 20_000;

    /**
     * Decides.
     *
     * @param cron the CronJob
     * @param schedule its schedule
     * @param zone its time zone
     * @param now the time
     * @return when it runs
     */
    static CronPlan of(CronJob cron, CronSchedule schedule, ZoneId zone, Instant now) {
        Instant earliest = cron.status().lastScheduleTime();
        if (earliest == null) {
            Instant created = cron.metadata().creationTimestamp();
            earliest = created == null ? now : created;
        }
        Instant last = earliest;
        boolean hasDeadline = cron.spec().hasStartingDeadlineSeconds();
        Instant deadline = hasDeadline ? now.minusSeconds(cron.spec().startingDeadlineSeconds()) : Instant.MIN;
        if (deadline.isAfter(earliest)) {
            earliest = deadline;
        }
        Instant due = null;
        int missed = 0;
        ZonedDateTime time = schedule.next(earliest.atZone(zone));
        while (time != null && !time.toInstant().isAfter(now) && missed < LOOKED_AT) {
            due = time.toInstant();
            missed++;
            time = schedule.next(time);
        }
        if (missed == LOOKED_AT) {
            // After a very long sleep, the newest time is what matters.
            time = schedule.next(now.atZone(zone));
        }
        if (due == null && hasDeadline && deadline.isAfter(last)) {
            // A time that came before the deadline was missed for good.
            ZonedDateTime lost = schedule.next(last.atZone(zone));
            if (lost != null && lost.toInstant().isBefore(deadline)) {
                return new CronPlan(lost.toInstant(), true, false, until(time, now));
            }
        }
        return new CronPlan(due, false, missed > MANY, until(time, now));
    }

    private static @Nullable Duration until(@Nullable ZonedDateTime time, Instant now) {
        // A little later than the time itself, so that it has come when the clock is read.
        return time == null ? null : Duration.between(now, time.toInstant()).plusMillis(100);
    }
}
