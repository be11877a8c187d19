package dev.kite.api.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Finding a series and recording into it. */
class SeriesTableTest {
    private final CounterFamily counters =
            new CounterFamily(Metric.own("c", "Counts.", "a", "b", "c", "d", "e", "f", "g", "h", "i"));
    private final HistogramFamily histograms = HistogramFamily.seconds(Metric.own("h", "Times.", "a"), 0.1, 1, 10);

    @Test
    void recordingAllocatesNothing() {
        for (int round = 0; round < 20_000; round++) {
            record();
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int round = 0; round < 10_000; round++) {
            record();
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).as("bytes of 10,000 recordings").isLessThan(10_000);
    }

    private void record() {
        counters.with("GET", "", "apps", "v1", "deployments", "", "namespace", "apiserver", "200")
                .increment();
        histograms.with("GET").record(20_000_000);
    }

    @Test
    void manyThreadsFindTheSameSeriesWhileTheTableGrows() throws InterruptedException {
        CounterFamily family = new CounterFamily(Metric.own("c", "Counts.", "n"));
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                for (int round = 0; round < 5000; round++) {
                    family.with(Integer.toString(round % 500)).increment();
                }
            }));
        }
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        List<Double> values = new ArrayList<>();
        family.collect(new MetricFamily.Visitor() {
            @Override
            public void value(List<String> labels, double value) {
                values.add(value);
            }

            @Override
            public void histogram(List<String> labels, double[] bounds, long[] counts, double sum) {
                throw new AssertionError("no histogram");
            }
        });
        assertThat(values).hasSize(500).containsOnly(80.0);
    }

    @Test
    void labelsThatClientsChooseDoNotFillTheMemory() {
        SeriesTable<Counter> table = new SeriesTable<>(1, Counter::new);
        for (int client = 0; client < SeriesTable.MAX_SERIES + 500; client++) {
            table.at("user" + client, "", "", "", "", "", "", "", "").increment();
        }
        List<String> others = new ArrayList<>();
        int[] cells = {0};
        table.forEach((labels, counter) -> {
            cells[0]++;
            if (labels.equals(List.of(SeriesTable.OTHER))) {
                others.add(Long.toString(counter.value()));
            }
        });
        assertThat(cells[0]).isEqualTo(SeriesTable.MAX_SERIES + 1);
        assertThat(others).containsExactly("500");
    }

    @Test
    void forgottenSeriesAreGoneAndBeginAnew() {
        CounterFamily family = new CounterFamily(Metric.own("c", "Counts.", "n"));
        family.with("a").add(3);
        family.with("b").add(4);
        family.removeIf(labels -> labels.getFirst().equals("a"));
        assertThat(family.with("a").value()).isZero();
        assertThat(family.with("b").value()).isEqualTo(4);
    }

    @Test
    void namesThatPrometheusCannotReadAreRefused() {
        assertThatThrownBy(() -> Metric.alpha("bad-name", "x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Metric.alpha("good", "x", "bad label")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Metric.alpha("good", "x", "1", "2")).isInstanceOf(IllegalArgumentException.class);
    }
}
