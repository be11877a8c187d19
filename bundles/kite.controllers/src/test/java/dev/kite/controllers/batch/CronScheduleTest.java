package dev.kite.controllers.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.controllers.base.LoopRig;
import dev.kite.model.batch.v1.CronJob;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronScheduleTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "* * * * * | 2026-01-01T00:00:30Z | 2026-01-01T00:01:00Z",
                "*/15 * * * * | 2026-01-01T00:15:00Z | 2026-01-01T00:30:00Z",
                "5-10/5,40 3 * * * | 2026-01-01T03:06:00Z | 2026-01-01T03:10:00Z",
                "0 0 * * sun | 2026-01-01T00:00:00Z | 2026-01-04T00:00:00Z",
                "0 0 * * 7 | 2026-01-01T00:00:00Z | 2026-01-04T00:00:00Z",
                "0 0 1 * * | 2026-01-01T00:00:00Z | 2026-02-01T00:00:00Z",
                "0 0 13 * FRI | 2026-01-01T00:00:00Z | 2026-01-02T00:00:00Z",
                "0 12 29 feb ? | 2026-01-01T00:00:00Z | 2028-02-29T12:00:00Z",
                "@hourly | 2026-01-01T00:00:00Z | 2026-01-01T01:00:00Z",
                "@every 1h30m | 2026-01-01T00:00:00Z | 2026-01-01T01:30:00Z",
                "3/20 * * * * | 2026-01-01T00:04:00Z | 2026-01-01T00:23:00Z",
                "0 0 1 JAN,JUL * | 2026-01-01T00:00:00Z | 2026-07-01T00:00:00Z"
            })
    void nextTimeIsTheFirstThatMatches(String expression, String after, String next) {
        assertThat(CronSchedule.parse(expression.strip())
                        .next(ZonedDateTime.parse(after.strip()))
                        .toInstant())
                .isEqualTo(Instant.parse(next.strip()));
    }

    @Test
    void dayThatNeverComesIsNull() {
        assertThat(CronSchedule.parse("0 0 30 2 *").next(ZonedDateTime.parse("2026-01-01T00:00:00Z")))
                .isNull();
    }

    @Test
    void timeThatClocksSkipDoesNotCome() {
        ZoneId berlin = CronSchedule.zone("Europe/Berlin");
        CronSchedule schedule = CronSchedule.parse("30 2 * * *");
        assertThat(schedule.next(ZonedDateTime.of(2026, 3, 28, 3, 0, 0, 0, berlin))
                        .toLocalDate())
                .hasToString("2026-03-30");
    }

    @Test
    void timeThatComesTwiceCountsOnce() {
        ZoneId berlin = CronSchedule.zone("Europe/Berlin");
        CronSchedule schedule = CronSchedule.parse("30 2 * * *");
        ZonedDateTime first = schedule.next(ZonedDateTime.of(2026, 10, 24, 3, 0, 0, 0, berlin));
        assertThat(first.toLocalDate()).hasToString("2026-10-25");
        assertThat(schedule.next(first).toLocalDate()).hasToString("2026-10-26");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "* * * *",
                "* * * * * *",
                "60 * * * *",
                "* 24 * * *",
                "* * 0 * *",
                "* * * 13 *",
                "* * * * 8",
                "*/0 * * * *",
                "5-1 * * * *",
                "a * * * *",
                "-1 * * * *",
                "1- * * * *",
                "* * * * mondays",
                "@never",
                "@every",
                "@every -1h",
                "@every 1x",
                "@every 99999999999999h",
                "99999999999 * * * *",
                "1,,2 * * * *"
            })
    void hostileExpressionsAreRefused(String expression) {
        assertThatThrownBy(() -> CronSchedule.parse(expression)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void veryLongExpressionIsRefused() {
        assertThatThrownBy(() -> CronSchedule.parse("1,".repeat(100_000) + "1 * * * *"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void unknownZoneIsRefused() {
        assertThatThrownBy(() -> CronSchedule.zone("Atlantis/Capital")).isInstanceOf(IllegalArgumentException.class);
    }

    private static CronPlan plan(String last, String spec, String now) {
        CronJob cron = LoopRig.json(
                CronJob.TYPE,
                "{'metadata':{'name':'c','creationTimestamp':'2026-01-01T00:00:00Z'},'spec':{'schedule':'*/10 * * * *'%s},'status':{%s}}"
                        .formatted(spec, last.isEmpty() ? "" : "'lastScheduleTime':'" + last + "'"));
        return CronPlan.of(cron, CronSchedule.parse("*/10 * * * *"), ZoneId.of("UTC"), Instant.parse(now));
    }

    @Test
    void newestMissedTimeRuns() {
        assertThat(plan("2026-01-01T00:10:00Z", "", "2026-01-01T00:45:00Z").due())
                .isEqualTo(Instant.parse("2026-01-01T00:40:00Z"));
        assertThat(plan("2026-01-01T00:40:00Z", "", "2026-01-01T00:45:00Z").due())
                .isNull();
        assertThat(plan("2026-01-01T00:40:00Z", "", "2026-01-01T00:45:00Z").next())
                .isEqualTo(Duration.ofMinutes(5).plusMillis(100));
    }

    @Test
    void firstRunWaitsForItsTime() {
        assertThat(plan("", "", "2026-01-01T00:05:00Z").due()).isNull();
        assertThat(plan("", "", "2026-01-01T00:10:00Z").due()).isEqualTo(Instant.parse("2026-01-01T00:10:00Z"));
    }

    @Test
    void timeBeforeTheDeadlineIsMissed() {
        CronPlan plan = plan("2026-01-01T00:10:00Z", ",'startingDeadlineSeconds':60", "2026-01-01T00:25:00Z");
        assertThat(plan.tooLate()).isTrue();
        assertThat(plan.due()).isEqualTo(Instant.parse("2026-01-01T00:20:00Z"));
    }

    @Test
    void manyMissedTimesAreSaidAndTheNewestRuns() {
        CronPlan plan = plan("2026-01-01T00:00:00Z", "", "2026-01-02T00:00:00Z");
        assertThat(plan.many()).isTrue();
        assertThat(plan.due()).isEqualTo(Instant.parse("2026-01-02T00:00:00Z"));
    }
}
