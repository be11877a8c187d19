package dev.kite.apiserver.metrics;

import dev.kite.api.arguments.FeatureGate;
import dev.kite.api.metrics.Metric;
import dev.kite.api.metrics.MetricFamily;
import dev.kite.api.metrics.MetricSource;
import dev.kite.api.metrics.SampledFamily;
import dev.kite.apiserver.request.VersionDocument;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Which Kubernetes this is, and how many metrics there are. Thread-safe. */
public final class BuildMetrics implements MetricSource {
    private final List<SampledFamily> families;

    /**
     * Those of this build.
     *
     * @param sources all sources of metrics, this one among them
     */
    public BuildMetrics(Supplier<List<MetricSource>> sources) {
        families = List.of(
                SampledFamily.gauges(
                        Metric.beta(
                                "kubernetes_build_info",
                                "The version of Kubernetes that is served; always 1.",
                                "major",
                                "minor",
                                "git_version",
                                "git_commit",
                                "git_tree_state",
                                "build_date",
                                "go_version",
                                "compiler",
                                "platform"),
                        to -> to.accept(
                                List.of(
                                        "1",
                                        "36",
                                        VersionDocument.GIT_VERSION,
                                        "",
                                        "clean",
                                        "1970-01-01T00:00:00Z",
                                        "",
                                        "javac",
                                        VersionDocument.platform()),
                                1.0)),
                SampledFamily.gauges(
                        Metric.beta(
                                "kubernetes_feature_enabled",
                                "Whether a feature gate is on (1) or off (0), by how far it may change.",
                                "name",
                                "stage"),
                        to -> FeatureGate.all()
                                .values()
                                .forEach(gate -> to.accept(List.of(gate.name(), stage(gate)), gate.on() ? 1.0 : 0.0))),
                SampledFamily.counters(
                        Metric.beta(
                                "registered_metrics_total",
                                "How many metrics there are, by how far they may change.",
                                "stability_level",
                                "deprecated_version"),
                        to -> registered(sources.get())
                                .forEach((level, count) -> to.accept(List.of(level, ""), (double) count))));
    }

    private static String stage(FeatureGate gate) {
        return gate.stage() == FeatureGate.Stage.GA ? "" : gate.stage().name();
    }

    private static Map<String, Integer> registered(List<MetricSource> sources) {
        Map<String, Integer> byLevel = new TreeMap<>();
        for (MetricSource source : sources) {
            for (MetricFamily family : source.metrics()) {
                Metric.Stability stability = family.metric().stability();
                byLevel.merge(stability == Metric.Stability.UNMARKED ? "" : stability.name(), 1, Integer::sum);
            }
        }
        return byLevel;
    }

    @Override
    public Collection<? extends MetricFamily> metrics() {
        return families;
    }
}
