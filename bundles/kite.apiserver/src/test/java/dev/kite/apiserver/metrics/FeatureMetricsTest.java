package dev.kite.apiserver.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.metrics.MetricFamily;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FeatureMetricsTest {
    @Test
    void everyGateIsToldWithItsStageAndWhetherItIsOn() {
        Map<List<String>, Double> told = new HashMap<>();
        for (MetricFamily family : new BuildMetrics(List::of).metrics()) {
            if (family.metric().name().equals("kubernetes_feature_enabled")) {
                family.collect(new MetricFamily.Visitor() {
                    @Override
                    public void value(List<String> labels, double value) {
                        told.put(labels, value);
                    }

                    @Override
                    public void histogram(List<String> labels, double[] bounds, long[] counts, double sum) {
                        throw new AssertionError("a gauge");
                    }
                });
            }
        }
        assertThat(told)
                .hasSize(242)
                .containsEntry(List.of("WatchList", "BETA"), 1.0)
                .containsEntry(List.of("KMSv1", "DEPRECATED"), 0.0)
                .containsEntry(List.of("AllAlpha", "ALPHA"), 0.0)
                .containsEntry(List.of("APIServerTracing", ""), 1.0);
    }
}
