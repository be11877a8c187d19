package dev.kite.apiserver.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WorkMemoryTest {
    private static final byte[] LARGE = ("[" + "0,".repeat(40_000) + "0]").getBytes(StandardCharsets.UTF_8);

    @Test
    void aBodyThatCouldNeverFitIsTooLarge() {
        WorkMemory memory = new WorkMemory(16 << 20);
        try (WorkMemory.Lease lease = memory.lease()) {
            assertThatThrownBy(() -> lease.claim(LARGE))
                    .isInstanceOfSatisfying(
                            StatusException.class, e -> assertThat(e.code()).isEqualTo(413));
        }
    }

    @Test
    void largeBodiesWaitForOneAnother() throws Exception {
        WorkMemory memory = new WorkMemory(64 << 20);
        CountDownLatch second = new CountDownLatch(1);
        Thread waiting;
        try (WorkMemory.Lease lease = memory.lease()) {
            lease.claim(LARGE);
            waiting = Thread.ofVirtual().name("second").start(() -> {
                try (WorkMemory.Lease other = memory.lease()) {
                    other.claim(LARGE);
                    second.countDown();
                }
            });
            while (waiting.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            assertThat(second.getCount()).isOne();
        }
        assertThat(second.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void smallBodiesPassByAndTextCountsAsOneValue() {
        assertThat(WorkMemory.nodes("{\"a\":\"1,2,3:{[\\\",\"}".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(2);
        WorkMemory memory = new WorkMemory(1);
        try (WorkMemory.Lease lease = memory.lease()) {
            lease.claim("[0,0,0]".getBytes(StandardCharsets.UTF_8));
        }
    }
}
