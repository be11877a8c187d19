package dev.kite.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.model.core.v1.Pod;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SchedulingQueueTest {
    private final AtomicLong clock = new AtomicLong();
    private final SchedulingQueue queue = new SchedulingQueue(QueueTimes.DEFAULT, clock::get);

    private static Pod pod(String name, int priority) {
        return VerdictTest.json(
                Pod.TYPE,
                "{'metadata':{'name':'%s','uid':'%s'},'spec':{'priority':%d}}".formatted(name, name, priority));
    }

    private String take() throws InterruptedException {
        return queue.take().metadata().name();
    }

    @Test
    void higherPriorityComesFirstThenOlder() throws InterruptedException {
        queue.offer(pod("old", 0));
        clock.addAndGet(1);
        queue.offer(pod("young", 0));
        clock.addAndGet(1);
        queue.offer(pod("important", 10));
        assertThat(take()).isEqualTo("important");
        assertThat(take()).isEqualTo("old");
        assertThat(take()).isEqualTo("young");
    }

    @Test
    void failedPodWaitsForAChangeAndItsBackoff() throws InterruptedException {
        queue.offer(pod("p", 0));
        take();
        queue.failed("p", false);
        clock.addAndGet(Duration.ofSeconds(2).toNanos());
        queue.offer(pod("other", 0));
        assertThat(take()).isEqualTo("other");
        queue.clusterChanged();
        assertThat(take()).isEqualTo("p");
        queue.failed("p", true);
        clock.addAndGet(Duration.ofMillis(1900).toNanos());
        queue.offer(pod("third", 0));
        assertThat(take()).isEqualTo("third");
        clock.addAndGet(Duration.ofMillis(100).toNanos());
        assertThat(take()).isEqualTo("p");
    }

    @Test
    void changeDuringTheCycleIsNotLost() throws InterruptedException {
        queue.offer(pod("p", 0));
        take();
        queue.clusterChanged();
        queue.failed("p", false);
        clock.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(take()).isEqualTo("p");
    }

    @Test
    void nothingChangedForFiveMinutesIsTriedAgain() throws InterruptedException {
        queue.offer(pod("p", 0));
        take();
        queue.failed("p", false);
        clock.addAndGet(Duration.ofMinutes(5).toNanos());
        assertThat(take()).isEqualTo("p");
    }

    @Test
    void removedPodNeverComes() throws InterruptedException {
        queue.offer(pod("p", 0));
        queue.offer(pod("q", 0));
        queue.remove("p");
        assertThat(take()).isEqualTo("q");
        assertThat(queue.waiting()).hasSize(1);
    }
}
