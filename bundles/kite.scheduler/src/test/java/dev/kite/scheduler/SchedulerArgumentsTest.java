package dev.kite.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.api.arguments.ArgumentException;
import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import dev.kite.model.core.v1.Pod;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What --kube-scheduler-arg changes. */
class SchedulerArgumentsTest {
    private static QueueTimes times(String... given) {
        return QueueTimes.of(ComponentArguments.of(UpstreamComponent.SCHEDULER, given));
    }

    @Test
    void withoutArgumentsTimesAreUpstreamsDefaults() {
        assertThat(times()).isEqualTo(QueueTimes.DEFAULT);
    }

    @Test
    void aPodIsTriedAgainWithoutAChangeAsSoonAsAskedFor() throws InterruptedException {
        AtomicLong clock = new AtomicLong();
        SchedulingQueue queue = new SchedulingQueue(times("pod-max-in-unschedulable-pods-duration=90s"), clock::get);
        queue.offer(VerdictTest.json(Pod.TYPE, "{'metadata':{'name':'p','uid':'p'}}"));
        queue.take();
        queue.failed("p", false);
        clock.addAndGet(Duration.ofSeconds(89).toNanos());
        queue.offer(VerdictTest.json(Pod.TYPE, "{'metadata':{'name':'q','uid':'q'}}"));
        assertThat(Objects.requireNonNull(queue.take()).key()).isEqualTo("q");
        clock.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(Objects.requireNonNull(queue.take()).key()).isEqualTo("p");
    }

    @ParameterizedTest
    @CsvSource({"0,30000", "-1h,30000", "29s,30000", "31s,31000", "2500000h,3153600000000"})
    void theWaitIsNeverABusyLoopNorOverflows(String given, long millis) {
        assertThat(Duration.ofNanos(
                        times("pod-max-in-unschedulable-pods-duration=" + given).wait(1)))
                .isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void backoffDoublesFromTheFirstToTheLongest() {
        QueueTimes times = new QueueTimes(Duration.ofSeconds(3), Duration.ofSeconds(20), Duration.ofSeconds(30));
        assertThat(java.util.stream.IntStream.of(0, 1, 2, 3, 4, 1000)
                        .mapToLong(attempts -> times.backoff(attempts) / 1_000_000_000L))
                .containsExactly(3L, 3L, 6L, 12L, 20L, 20L);
        assertThat(new QueueTimes(Duration.ZERO, Duration.ofSeconds(1), Duration.ZERO).backoff(5))
                .isZero();
    }

    @Test
    void anArgumentThatUpstreamDoesNotHaveIsRefusedInOneLine() {
        assertThatThrownBy(() -> times("pod-max-in-unschedulable-pod-duration=1s"))
                .isInstanceOf(ArgumentException.class)
                .hasMessage("--kube-scheduler-arg: unknown flag: --pod-max-in-unschedulable-pod-duration; did you mean "
                        + "pod-max-in-unschedulable-pods-duration?");
        assertThatThrownBy(() -> times("pod-max-in-unschedulable-pods-duration=5"))
                .hasMessageStartingWith("--kube-scheduler-arg: invalid argument \"5\" for ");
    }
}
