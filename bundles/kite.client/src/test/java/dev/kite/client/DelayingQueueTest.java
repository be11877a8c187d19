package dev.kite.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DelayingQueueTest {
    private final AtomicLong clock = new AtomicLong();
    private final DelayingQueue<String> queue = new DelayingQueue<>(clock::get);

    private void advance(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    @Test
    void keysComeFirstInFirstOut() throws InterruptedException {
        queue.add("a");
        queue.add("b");
        queue.add("c");
        assertThat(List.of(queue.take(), queue.take(), queue.take())).containsExactly("a", "b", "c");
    }

    @Test
    void keyThatWaitsIsHeldOnce() {
        queue.add("a");
        queue.add("a");
        assertThat(queue.size()).isEqualTo(1);
    }

    @Test
    void keyAddedWhileProcessedComesAgainOnlyWhenDone() throws InterruptedException {
        queue.add("a");
        queue.take();
        queue.add("a");
        queue.add("a");
        assertThat(queue.size()).isZero();
        queue.done("a");
        assertThat(queue.size()).isEqualTo(1);
        assertThat(queue.take()).isEqualTo("a");
        queue.done("a");
        assertThat(queue.size()).isZero();
    }

    @Test
    void earliestOfSeveralDelaysCounts() throws InterruptedException {
        queue.addAfter("a", Duration.ofSeconds(10));
        queue.addAfter("a", Duration.ofSeconds(2));
        queue.addAfter("a", Duration.ofSeconds(5));
        advance(Duration.ofSeconds(1));
        assertThat(queue.size()).isZero();
        advance(Duration.ofSeconds(1));
        assertThat(queue.take()).isEqualTo("a");
        queue.done("a");
        advance(Duration.ofSeconds(60));
        assertThat(queue.size()).isZero();
    }

    @Test
    void delayOfZeroAddsAtOnce() {
        queue.addAfter("a", Duration.ZERO);
        assertThat(queue.size()).isEqualTo(1);
    }

    @Test
    void delayOfAgesDoesNotOverflow() {
        clock.set(Long.MAX_VALUE - 5);
        queue.addAfter("a", Duration.ofSeconds(Long.MAX_VALUE));
        assertThat(queue.size()).isZero();
    }

    @Test
    void delayedKeysComeInOrderOfTheirTimes() throws InterruptedException {
        queue.addAfter("late", Duration.ofSeconds(3));
        queue.addAfter("early", Duration.ofSeconds(1));
        advance(Duration.ofSeconds(5));
        assertThat(queue.take()).isEqualTo("early");
        assertThat(queue.take()).isEqualTo("late");
    }

    @Test
    void backoffDoublesFromFiveMillisecondsToAThousandSeconds() {
        assertThat(IntStream.of(0, 1, 2, 17, 18, 40, 1000)
                        .mapToObj(DelayingQueue::backoff)
                        .toList())
                .containsExactly(
                        Duration.ofMillis(5),
                        Duration.ofMillis(10),
                        Duration.ofMillis(20),
                        Duration.ofMillis(655_360),
                        Duration.ofSeconds(1000),
                        Duration.ofSeconds(1000),
                        Duration.ofSeconds(1000));
    }

    @Test
    void forgettingEndsTheBackoff() {
        queue.addRateLimited("a");
        queue.addRateLimited("a");
        assertThat(queue.failures("a")).isEqualTo(2);
        queue.forget("a");
        assertThat(queue.failures("a")).isZero();
    }

    @Test
    void shutDownDrainsWhatIsLeftThenEnds() throws InterruptedException {
        queue.add("a");
        queue.addAfter("b", Duration.ofSeconds(1));
        queue.shutDown();
        queue.add("c");
        advance(Duration.ofSeconds(2));
        assertThat(queue.take()).isEqualTo("a");
        assertThat(queue.take()).isNull();
    }

    @Test
    void takerWaitsForARealDelay() throws InterruptedException {
        var real = new DelayingQueue<String>(System::nanoTime);
        long start = System.nanoTime();
        real.addAfter("a", Duration.ofMillis(30));
        assertThat(real.take()).isEqualTo("a");
        assertThat(System.nanoTime() - start)
                .isGreaterThanOrEqualTo(Duration.ofMillis(30).toNanos());
    }

    @Test
    void workersNeverHoldOneKeyTogetherAndLoseNoAdd() throws Exception {
        var real = new DelayingQueue<Integer>(System::nanoTime);
        Set<Integer> held = ConcurrentHashMap.newKeySet();
        var overlaps = new AtomicInteger();
        var last = new ConcurrentHashMap<Integer, Integer>();
        var desired = new ConcurrentHashMap<Integer, Integer>();
        try (AutoCloseable _ = new WorkerLoop<>("test", 4, real, key -> {
            if (!held.add(key)) {
                overlaps.incrementAndGet();
            }
            last.put(key, desired.get(key));
            held.remove(key);
            return null;
        })) {
            for (int round = 1; round <= 500; round++) {
                for (int key = 0; key < 8; key++) {
                    desired.put(key, round);
                    real.add(key);
                }
            }
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (!last.equals(desired) && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
        }
        assertThat(last).isEqualTo(desired);
        assertThat(overlaps).hasValue(0);
    }

    @Test
    void loopTriesAFailingKeyAgainAndGoesOnWithOthers() throws Exception {
        var real = new DelayingQueue<String>(System::nanoTime);
        var attempts = new AtomicInteger();
        var done = new CountDownLatch(2);
        try (AutoCloseable _ = new WorkerLoop<>("test", 1, real, key -> {
            if (key.equals("bad") && attempts.incrementAndGet() < 3) {
                throw new IllegalStateException("expected by this test");
            }
            done.countDown();
            return null;
        })) {
            real.add("bad");
            real.add("good");
            assertThat(done.await(5, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(attempts).hasValue(3);
        assertThat(real.failures("bad")).isZero();
    }

    @Test
    void closingTheLoopInterruptsAWorkerThatWaits() throws Exception {
        var real = new DelayingQueue<String>(System::nanoTime);
        var started = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        AutoCloseable loop = new WorkerLoop<>("test", 1, real, key -> {
            started.countDown();
            try {
                Thread.sleep(Duration.ofMinutes(1));
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
            return null;
        });
        real.add("a");
        assertThat(started.await(5, TimeUnit.SECONDS)).isTrue();
        loop.close();
        assertThat(interrupted.await(1, TimeUnit.SECONDS)).isTrue();
    }
}
