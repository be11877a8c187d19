package dev.kite.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.behaviour.Behaviour;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SaneClockTest {
    private static final Instant LAST = Instant.parse("2026-11-24T12:00:00Z");

    private final List<String> said = new ArrayList<>();
    private Instant now = LAST;
    private int sleeps;

    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    };

    private boolean await(Runnable eachSecond) throws InterruptedException {
        return new SaneClock(
                        clock,
                        _ -> {
                            sleeps++;
                            eachSecond.run();
                        },
                        said::add)
                .await(LAST);
    }

    @Test
    void aClockThatGoesOnSaysNothing() throws InterruptedException {
        now = LAST.minus(SaneClock.TOLERANCE);
        assertThat(await(() -> {})).isTrue();
        assertThat(said).isEmpty();
        assertThat(sleeps).isZero();
    }

    @Test
    @Behaviour("No clock at boot: waits for a sane time, remembers the last known")
    void aClockInThePastIsWaitedFor() throws InterruptedException {
        now = Instant.EPOCH;
        assertThat(await(() -> now = sleeps == 3 ? LAST : now)).isTrue();
        assertThat(sleeps).isEqualTo(3);
        assertThat(said).singleElement().asString().contains("1970-01-01", "time service");
    }

    @Test
    @Behaviour("Bad input: a clock jump is one line that says what to do")
    void aClockThatStaysInThePastIsGoneOnWithAfterAMinute() throws InterruptedException {
        now = LAST.minus(Duration.ofDays(1));
        assertThat(await(() -> {})).isFalse();
        assertThat(sleeps).isEqualTo(60);
        assertThat(said).hasSize(2).last().asString().contains("going on");
    }
}
