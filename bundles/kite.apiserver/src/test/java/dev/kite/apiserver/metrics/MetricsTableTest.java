package dev.kite.apiserver.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.metrics.HistogramFamily;
import dev.kite.api.metrics.Metric;
import dev.kite.api.metrics.MetricFamily;
import dev.kite.api.metrics.MetricSource;
import dev.kite.apiserver.diagnostics.HealthChecks;
import dev.kite.apiserver.diagnostics.HealthDocument;
import dev.kite.apiserver.diagnostics.StoreCheck;
import dev.kite.apiserver.harness.Api;
import dev.kite.behaviour.Behaviour;
import dev.kite.http.client.Clients;
import dev.kite.http.server.JettyServers;
import dev.kite.security.measure.SecurityMetrics;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/metrics.md says of each of upstream's metrics what is with it here, and what is served is what upstream serves. */
class MetricsTableTest {
    private record Upstream(String type, String stability, String labels, String buckets) {}

    private static Map<String, Upstream> upstream() throws IOException {
        Map<String, Upstream> metrics = new TreeMap<>();
        try (InputStream in = Objects.requireNonNull(MetricsTableTest.class.getResourceAsStream("upstream.txt"))) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\\|", -1))
                    .forEach(parts -> metrics.put(parts[0], new Upstream(parts[1], parts[2], parts[3], parts[4])));
        }
        return metrics;
    }

    private static Map<String, String[]> document() throws IOException {
        Map<String, String[]> rows = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("../../docs/metrics.md"))) {
            if (line.matches("\\| `[a-z_0-9]+` \\| (served|meaningless|missing) \\|.*")) {
                String[] cells = line.split("\\|", -1);
                rows.put(cells[1].replace("`", "").strip(), new String[] {cells[2].strip(), cells[3].strip()});
            }
        }
        return rows;
    }

    private static List<MetricFamily> declared(Api api) throws Exception {
        RequestMetrics requests = new RequestMetrics();
        JettyServers servers = new JettyServers();
        try {
            List<MetricSource> sources = List.of(
                    requests,
                    new AdmissionMetrics(),
                    new WatchMetrics(),
                    new StorageMetrics(),
                    new AuditMetrics(),
                    new StoreMetrics(api.store()),
                    new ObjectMetrics(api.store(), List::of),
                    new ProcessMetrics(Path.of("/proc/self")),
                    new BuildMetrics(List::of),
                    new HealthDocument(
                            new HealthChecks(() -> true, () -> false, new StoreCheck(api.store()), List::of)),
                    new SecurityMetrics(),
                    new Clients(),
                    servers);
            List<MetricFamily> families = new ArrayList<>();
            sources.forEach(source -> families.addAll(source.metrics()));
            return families;
        } finally {
            servers.stop();
        }
    }

    @Test
    @Behaviour("docs/metrics.md says of each of upstream's metrics whether it is served, meaningless or missing")
    void theTableHasEachOfUpstreamsMetricsAndWhatIsServedIsInTheSources() throws IOException {
        Map<String, String[]> rows = document();
        assertThat(rows.keySet()).isEqualTo(upstream().keySet());
        Map<String, String> sources = new TreeMap<>();
        List<String> wrong = new ArrayList<>();
        for (Map.Entry<String, String[]> row : rows.entrySet()) {
            String state = row.getValue()[0];
            String note = row.getValue()[1].replace("`", "");
            if (state.equals("meaningless") && note.isEmpty()) {
                wrong.add(row.getKey() + " says no reason");
            }
            if (state.equals("served")) {
                String text = sources.computeIfAbsent(note, MetricsTableTest::source);
                String reloaded = row.getKey().replaceAll("^apiserver_(authentication|authorization|encryption)", "");
                String suffix = reloaded.replace("_config_controller_", "");
                boolean reload = reloaded.startsWith("_config_controller_") && text.contains("\"" + suffix + "\"");
                if (!reload && !text.contains("\"" + row.getKey() + "\"")) {
                    wrong.add(row.getKey() + " is not in " + note);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static String source(String bundle) {
        try (Stream<Path> files = Files.walk(Path.of("..", bundle, "src/main/java"))) {
            StringBuilder all = new StringBuilder();
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".java")).toList()) {
                all.append(Files.readString(file));
            }
            return all.toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Behaviour("Metrics have upstream's names, types, labels and buckets")
    void whatIsDeclaredHasUpstreamsTypesLabelsAndBuckets(@TempDir Path folder) throws Exception {
        Map<String, Upstream> upstream = upstream();
        Map<String, String[]> rows = document();
        List<String> wrong = new ArrayList<>();
        int compared = 0;
        try (Api api = new Api(folder)) {
            for (MetricFamily family : declared(api)) {
                Metric metric = family.metric();
                Upstream there = upstream.get(metric.name());
                if (there == null) {
                    if (metric.stability() != Metric.Stability.UNMARKED) {
                        wrong.add(metric.name() + " is none of upstream's, and marked as one");
                    }
                    continue;
                }
                compared++;
                if (!rows.get(metric.name())[0].equals("served")) {
                    wrong.add(metric.name() + " is served, and the table says otherwise");
                }
                compare(family, there, wrong);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(compared).isGreaterThan(50);
    }

    private static void compare(MetricFamily family, Upstream there, List<String> wrong) {
        Metric metric = family.metric();
        String kind = family.kind().name().toLowerCase(Locale.ROOT);
        String type = there.type().toLowerCase(Locale.ROOT);
        if (!type.equals("custom") && !kind.equals(type)) {
            wrong.add(metric.name() + " is a " + kind + " and not a " + type);
        }
        String stability = metric.stability() == Metric.Stability.UNMARKED
                ? ""
                : metric.stability().name();
        if (!stability.equals(there.stability())) {
            wrong.add(metric.name() + " is " + stability + " and not " + there.stability());
        }
        String labels = metric.labels().stream().sorted().collect(Collectors.joining(","));
        if (!labels.equals(there.labels())) {
            wrong.add(metric.name() + " has labels " + labels + " and not " + there.labels());
        }
        if (family instanceof HistogramFamily histogram && !there.buckets().isEmpty()) {
            double[] wanted = Arrays.stream(there.buckets().split(","))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            if (!Arrays.equals(wanted, histogram.bounds())) {
                wrong.add(metric.name() + " has bounds " + Arrays.toString(histogram.bounds()) + " and not "
                        + Arrays.toString(wanted));
            }
        }
    }

    @Test
    void requestsOfAllKindsAreCountedWithUpstreamsLabels(@TempDir Path folder) {
        try (Api api = new Api(folder)) {
            api.post("/api/v1/namespaces/default/configmaps?dryRun=All", "{\"metadata\":{\"name\":\"d\"}}")
                    .expect(201);
            api.post("/api/v1/namespaces/default/configmaps", "{\"metadata\":{\"name\":\"a\"}}")
                    .expect(201);
            api.get("/api/v1/namespaces/default/configmaps?fieldSelector=metadata.name=a")
                    .expect(200);
            api.get("/api/v1/configmaps").expect(200);
            api.get("/api/v1/namespaces/default/configmaps?watch=1&timeoutSeconds=1&sendInitialEvents=true"
                            + "&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true")
                    .expect(200);
            api.patch(
                            "/api/v1/namespaces/default/configmaps/a?fieldManager=m",
                            "application/apply-patch+yaml",
                            "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"},\"data\":{\"k\":\"v\"}}")
                    .expect(200);
            api.get("/api/v1/nothings").expect(404);
            api.get("/livez").expect(200);
            api.get("/api/v1/endpoints").expect(200);
            String told = api.get("/metrics").expect(200).text();
            assertThat(told.lines().filter(line -> line.startsWith("apiserver_request_total{")))
                    .contains(
                            line("201", "All", "configmaps", "resource", "", "POST", "v1"),
                            line("201", "", "configmaps", "resource", "", "POST", "v1"),
                            line("200", "", "configmaps", "namespace", "", "LIST", "v1"),
                            line("200", "", "configmaps", "cluster", "", "LIST", "v1"),
                            line("200", "", "configmaps", "namespace", "", "WATCH", "v1"),
                            line("200", "", "configmaps", "resource", "", "APPLY", "v1"),
                            "apiserver_request_total{code=\"200\",component=\"\",dry_run=\"\",group=\"\",resource=\"\","
                                    + "scope=\"\",subresource=\"/livez\",verb=\"GET\",version=\"\"} 1");
            assertThat(told)
                    .contains(
                            "apiserver_longrunning_requests{component=\"apiserver\",group=\"\",resource=\"configmaps\","
                                    + "scope=\"namespace\",subresource=\"\",verb=\"WATCH\",version=\"v1\"} 0\n",
                            "apiserver_current_inflight_requests{request_kind=\"readOnly\"} 1\n",
                            "apiserver_watch_list_duration_seconds_count{group=\"\",resource=\"configmaps\",scope=\"namespace\",version=\"v1\"} 1\n",
                            "apiserver_admission_step_admission_duration_seconds_count{operation=\"CREATE\",rejected=\"false\",type=\"validate\"}",
                            "apiserver_admission_controller_admission_duration_seconds_count{name=\"NamespaceLifecycle\",",
                            "etcd_requests_total{group=\"\",operation=\"create\",resource=\"configmaps\"} ",
                            "apiserver_resource_objects{group=\"\",resource=\"configmaps\"} ",
                            "apiserver_storage_objects{resource=\"deployments.apps\"} 0\n",
                            "apiserver_response_sizes_count{",
                            "apiserver_request_body_size_bytes_count{group=\"\",resource=\"configmaps\",verb=\"create\"} 2\n",
                            "apiserver_requested_deprecated_apis{group=\"\",removed_release=\"\",resource=\"endpoints\",subresource=\"\",version=\"v1\"} 1\n",
                            "kubernetes_build_info{build_date=")
                    .doesNotContain("nothings");
            assertThat(api.delete("/metrics").expect(200).text()).isEqualTo("metrics reset\n");
            assertThat(api.get("/metrics").text()).doesNotContain("verb=\"APPLY\"");
        }
    }

    private static String line(
            String code,
            String dryRun,
            String resource,
            String scope,
            String subresource,
            String verb,
            String version) {
        return "apiserver_request_total{code=\"" + code + "\",component=\"apiserver\",dry_run=\"" + dryRun
                + "\",group=\"\",resource=\"" + resource + "\",scope=\"" + scope + "\",subresource=\"" + subresource
                + "\",verb=\"" + verb + "\",version=\"" + version + "\"} 1";
    }
}
