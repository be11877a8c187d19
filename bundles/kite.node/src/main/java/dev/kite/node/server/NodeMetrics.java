package dev.kite.node.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.api.metrics.GatheredMetrics;
import dev.kite.api.metrics.Metric;
import dev.kite.api.metrics.MetricFamily;
import dev.kite.api.metrics.SampledFamily;
import dev.kite.cri.ContainerStats;
import dev.kite.model.core.v1.ContainerStatus;
import dev.kite.model.core.v1.Pod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * What the node, its pods and containers use, under the names that the kubelet's and cAdvisor's paths have: made of one look at the node. What isn't known
 * (-1) has no series. Pure.
 */
final class NodeMetrics {
    private static final double NANOS = 1e9;
    private static final String POD_NAME = "io.kubernetes.pod.name";
    private static final String POD_NAMESPACE = "io.kubernetes.pod.namespace";
    private static final String POD_UID = "io.kubernetes.pod.uid";

    private final JsonNode summary;
    private final Collection<Pod> pods;
    private final List<ContainerStats> containers;

    /**
     * Of one look.
     *
     * @param summary the summary's object
     * @param pods the node's pods
     * @param containers what their containers use
     */
    NodeMetrics(JsonNode summary, Collection<Pod> pods, List<ContainerStats> containers) {
        this.summary = summary;
        this.pods = pods;
        this.containers = containers;
    }

    /** {@code /metrics/resource}: what metrics-server and autoscaling need. */
    GatheredMetrics resource() {
        JsonNode node = summary.path("node");
        List<MetricFamily> families = new ArrayList<>();
        families.add(SampledFamily.counter(
                Metric.stable("node_cpu_usage_seconds_total", "Processor time of the node, in seconds."),
                () -> node.path("cpu").path("usageCoreNanoSeconds").asDouble() / NANOS));
        families.add(SampledFamily.gauge(
                Metric.stable(
                        "node_memory_working_set_bytes",
                        "Memory of the node that is in use and not given back easily."),
                () -> node.path("memory").path("workingSetBytes").asDouble()));
        families.add(ofContainers(
                true,
                Metric.stable(
                        "container_cpu_usage_seconds_total",
                        "Processor time of the container, in seconds.",
                        "container",
                        "pod",
                        "namespace"),
                ContainerStats::cpuNanos,
                NANOS));
        families.add(ofContainers(
                false,
                Metric.stable(
                        "container_memory_working_set_bytes",
                        "Memory of the container that is in use and not given back easily.",
                        "container",
                        "pod",
                        "namespace"),
                ContainerStats::workingSetBytes,
                1));
        families.add(starts(Metric.stable(
                "container_start_time_seconds",
                "When the container started, in seconds since 1970.",
                "container",
                "pod",
                "namespace")));
        families.add(ofPods(
                true,
                Metric.stable(
                        "pod_cpu_usage_seconds_total", "Processor time of the pod, in seconds.", "pod", "namespace"),
                "cpu",
                "usageCoreNanoSeconds",
                NANOS));
        families.add(ofPods(
                false,
                Metric.stable(
                        "pod_memory_working_set_bytes",
                        "Memory of the pod that is in use and not given back easily.",
                        "pod",
                        "namespace"),
                "memory",
                "workingSetBytes",
                1));
        families.add(SampledFamily.gauge(
                Metric.stable("resource_scrape_error", "Whether the runtime could not be asked: 1 where it could not."),
                () -> 0));
        return GatheredMetrics.of(List.of(() -> families));
    }

    /** {@code /metrics/cadvisor}: what is known of cAdvisor's containers and machine. */
    GatheredMetrics cadvisor(long memoryBytes, int cores) {
        String[] labels = {"container", "id", "image", "name", "namespace", "pod"};
        List<MetricFamily> families = new ArrayList<>();
        families.add(SampledFamily.gauge(
                Metric.own("machine_memory_bytes", "Memory of the machine."), () -> (double) memoryBytes));
        families.add(SampledFamily.gauge(Metric.own("machine_cpu_cores", "Processors of the machine."), () -> cores));
        families.add(detailed(
                true,
                Metric.own("container_cpu_usage_seconds_total", "Processor time, in seconds.", labels),
                ContainerStats::cpuNanos,
                NANOS));
        families.add(detailed(
                false,
                Metric.own("container_memory_usage_bytes", "Memory with all caches.", labels),
                ContainerStats::usageBytes,
                1));
        families.add(detailed(
                false,
                Metric.own("container_memory_working_set_bytes", "Memory that is not given back easily.", labels),
                ContainerStats::workingSetBytes,
                1));
        families.add(detailed(
                false,
                Metric.own("container_memory_rss", "Memory that is of no file.", labels),
                ContainerStats::rssBytes,
                1));
        families.add(detailed(
                false,
                Metric.own("container_fs_usage_bytes", "Bytes that the container wrote into its layer.", labels),
                ContainerStats::writableBytes,
                1));
        families.add(detailed(
                false,
                Metric.own("container_fs_inodes_used", "Inodes of the container's layer.", labels),
                ContainerStats::writableInodes,
                1));
        return GatheredMetrics.of(List.of(() -> families));
    }

    /** {@code /metrics}: how many pods and containers run here. */
    GatheredMetrics kubelet(String name) {
        List<MetricFamily> families = List.of(
                SampledFamily.gauges(
                        Metric.alpha("kubelet_node_name", "The node's name; always 1.", "node"),
                        to -> to.accept(List.of(name), 1.0)),
                SampledFamily.gauge(Metric.alpha("kubelet_running_pods", "Pods with a container that runs."), () ->
                        (double) pods.stream().filter(NodeMetrics::runs).count()),
                SampledFamily.gauges(
                        Metric.alpha("kubelet_running_containers", "Containers by their state.", "container_state"),
                        to -> states().forEach((state, count) -> to.accept(List.of(state), (double) count))));
        return GatheredMetrics.of(List.of(() -> families));
    }

    private static boolean runs(Pod pod) {
        return pod.status().containerStatuses().stream()
                .anyMatch(status -> status.state().hasRunning());
    }

    private Map<String, Integer> states() {
        Map<String, Integer> counts = new HashMap<>(Map.of("running", 0));
        for (Pod pod : pods) {
            for (ContainerStatus status : pod.status().containerStatuses()) {
                if (status.state().hasRunning()) {
                    counts.merge("running", 1, Integer::sum);
                } else if (status.state().hasTerminated()) {
                    counts.merge("exited", 1, Integer::sum);
                } else {
                    counts.merge("created", 1, Integer::sum);
                }
            }
        }
        return counts;
    }

    private static SampledFamily family(
            boolean counter, Metric metric, Consumer<BiConsumer<List<String>, Double>> values) {
        return counter ? SampledFamily.counters(metric, values) : SampledFamily.gauges(metric, values);
    }

    private SampledFamily ofContainers(
            boolean counter, Metric metric, ToLongFunction<ContainerStats> figure, double unit) {
        return family(counter, metric, to -> {
            for (ContainerStats one : containers) {
                if (figure.applyAsLong(one) >= 0) {
                    to.accept(
                            List.of(
                                    one.name(),
                                    one.labels().getOrDefault(POD_NAME, ""),
                                    one.labels().getOrDefault(POD_NAMESPACE, "")),
                            (double) figure.applyAsLong(one) / unit);
                }
            }
        });
    }

    private SampledFamily detailed(boolean counter, Metric metric, ToLongFunction<ContainerStats> figure, double unit) {
        Map<String, String> images = images();
        return family(counter, metric, to -> {
            for (ContainerStats one : containers) {
                String namespace = one.labels().getOrDefault(POD_NAMESPACE, "");
                String pod = one.labels().getOrDefault(POD_NAME, "");
                if (figure.applyAsLong(one) >= 0) {
                    String path = "/kubepods/pod" + one.labels().getOrDefault(POD_UID, "") + "/" + one.id();
                    String image = images.getOrDefault(namespace + "/" + pod + "/" + one.name(), "");
                    to.accept(
                            List.of(one.name(), path, image, one.id(), namespace, pod),
                            (double) figure.applyAsLong(one) / unit);
                }
            }
        });
    }

    private Map<String, String> images() {
        Map<String, String> images = new HashMap<>();
        for (Pod pod : pods) {
            for (ContainerStatus status : pod.status().containerStatuses()) {
                images.put(
                        pod.metadata().namespace() + "/" + pod.metadata().name() + "/" + status.name(), status.image());
            }
        }
        return images;
    }

    private SampledFamily ofPods(boolean counter, Metric metric, String part, String field, double unit) {
        return family(
                counter,
                metric,
                to -> summary.path("pods").forEach(pod -> {
                    JsonNode reference = pod.path("podRef");
                    to.accept(
                            List.of(
                                    reference.path("name").asText(),
                                    reference.path("namespace").asText()),
                            pod.path(part).path(field).asDouble() / unit);
                }));
    }

    private SampledFamily starts(Metric metric) {
        return SampledFamily.gauges(metric, to -> {
            for (Pod pod : pods) {
                for (ContainerStatus status : pod.status().containerStatuses()) {
                    Instant started = status.state().hasRunning()
                            ? status.state().running().startedAt()
                            : null;
                    if (started != null) {
                        to.accept(
                                List.of(
                                        status.name(),
                                        pod.metadata().name(),
                                        pod.metadata().namespace()),
                                (double) started.toEpochMilli() / 1e3);
                    }
                }
            }
        });
    }
}
