package dev.kite.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SamplesTest {
    @Test
    void quantilesAreNearestRanks() {
        long[] sorted = new long[100];
        for (int i = 0; i < 100; i++) {
            sorted[i] = (i + 1) * 1_000_000L;
        }
        assertThat(Samples.quantile(sorted, 0.5)).isEqualTo(50);
        assertThat(Samples.quantile(sorted, 0.99)).isEqualTo(99);
        assertThat(Samples.quantile(new long[0], 0.5)).isZero();
    }

    @Test
    void throughputCountsWhatSucceeded() {
        Samples samples = new Samples(10);
        samples.add(1_000_000);
        samples.add(3_000_000);
        samples.fail();
        Samples.Summary summary = samples.summary(500_000_000);
        assertThat(summary.perSecond()).isEqualTo(4);
        assertThat(summary.failures()).isEqualTo(1);
        assertThat(summary.p99Millis()).isEqualTo(3);
    }

    @Test
    void theRateACoreIsOfWhatSucceededInTheServersCpuTime() {
        Samples samples = new Samples(10);
        samples.add(1);
        samples.add(1);
        samples.fail();
        assertThat(samples.summary(1).withCpu(0.5).perCore()).isEqualTo(4);
        assertThat(samples.summary(1).withCpu(0).perCore()).isZero();
        assertThat(samples.summary(1).perCore()).isZero();
    }
}
