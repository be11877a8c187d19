package dev.kite.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.api.metrics.GatheredMetrics;
import dev.kite.api.metrics.MetricFormat;
import dev.kite.behaviour.Behaviour;
import dev.kite.cri.ContainerStats;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.json.JsonCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the kubelet's metrics tell of one look at the node. */
class NodeMetricsTest {
    private static final Map<String, String> LABELS =
            Map.of("io.kubernetes.pod.name", "p", "io.kubernetes.pod.namespace", "blue", "io.kubernetes.pod.uid", "u1");

    private static String text(GatheredMetrics metrics) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        MetricFormat.TEXT.write(metrics, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static NodeMetrics look() throws IOException {
        String summary = """
                {"node":{"cpu":{"usageCoreNanoSeconds":2500000000},"memory":{"workingSetBytes":1000}},
                 "pods":[{"podRef":{"name":"p","namespace":"blue"},"cpu":{"usageCoreNanoSeconds":500000000},"memory":{"workingSetBytes":77}}]}
                """;
        String pod = """
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"blue","uid":"u1"},
                 "status":{"containerStatuses":[{"name":"c","image":"busybox","state":{"running":{"startedAt":"2026-11-24T12:00:00Z"}}},
                                                {"name":"d","image":"busybox","state":{"terminated":{"exitCode":0}}}]}}
                """;
        ContainerStats stats = new ContainerStats(
                "id1", "c", LABELS, Instant.parse("2026-11-24T12:01:00Z"), 500_000_000, 77, 99, 11, 0, 0, -1, -1);
        return new NodeMetrics(
                new ObjectMapper().readTree(summary),
                List.of(JsonCodec.decode(pod.getBytes(StandardCharsets.UTF_8), Pod.TYPE)),
                List.of(stats));
    }

    @Test
    @Behaviour("The kubelet's metrics have what metrics-server and Prometheus need")
    void resourceHasWhatMetricsServerReads() throws IOException {
        assertThat(text(look().resource()).lines().filter(line -> !line.startsWith("#")))
                .containsExactly(
                        "container_cpu_usage_seconds_total{container=\"c\",namespace=\"blue\",pod=\"p\"} 0.5",
                        "container_memory_working_set_bytes{container=\"c\",namespace=\"blue\",pod=\"p\"} 77",
                        "container_start_time_seconds{container=\"c\",namespace=\"blue\",pod=\"p\"} 1.7955216e+09",
                        "node_cpu_usage_seconds_total 2.5",
                        "node_memory_working_set_bytes 1000",
                        "pod_cpu_usage_seconds_total{namespace=\"blue\",pod=\"p\"} 0.5",
                        "pod_memory_working_set_bytes{namespace=\"blue\",pod=\"p\"} 77",
                        "resource_scrape_error 0");
    }

    @Test
    void cadvisorHasTheLabelsThatDashboardsJoinOnAndNothingOfWhatIsNotKnown() throws IOException {
        assertThat(text(look().cadvisor(4096, 2)))
                .contains(
                        "container_memory_rss{container=\"c\",id=\"/kubepods/podu1/id1\",image=\"busybox\",name=\"id1\",namespace=\"blue\",pod=\"p\"} 11\n",
                        "machine_memory_bytes 4096\n",
                        "machine_cpu_cores 2\n")
                .doesNotContain("container_fs_usage_bytes");
    }

    @Test
    void theKubeletTellsHowManyPodsAndContainersThereAre() throws IOException {
        assertThat(text(look().kubelet("n1")))
                .contains(
                        "kubelet_node_name{node=\"n1\"} 1\n",
                        "kubelet_running_pods 1\n",
                        "kubelet_running_containers{container_state=\"exited\"} 1\n",
                        "kubelet_running_containers{container_state=\"running\"} 1\n");
    }
}
