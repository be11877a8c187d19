package dev.kite.apiserver.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import dev.kite.api.metrics.GatheredMetrics;
import dev.kite.api.metrics.MetricFormat;
import dev.kite.apiserver.metrics.AuditMetrics;
import dev.kite.apiserver.storage.Trees;
import dev.kite.behaviour.Behaviour;
import dev.kite.http.HttpServer;
import dev.kite.http.HttpServerOptions;
import dev.kite.http.client.Clients;
import dev.kite.http.server.JettyServers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How events reach a log or a server: in batches, within bounds, again where that fails. */
@Timeout(60)
class AuditBackendsTest {
    private final AuditMetrics metrics = new AuditMetrics();

    @TempDir
    Path folder;

    private static ObjectNode event(int number) {
        return JsonNodeFactory.instance.objectNode().put("auditID", Integer.toString(number));
    }

    private String told() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        MetricFormat.TEXT.write(GatheredMetrics.of(List.of(metrics)), out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static final class Batches implements AuditSink {
        private final BlockingQueue<List<ObjectNode>> all = new LinkedBlockingQueue<>();

        @Override
        public boolean accept(ObjectNode event) {
            return acceptAll(List.of(event));
        }

        @Override
        public boolean acceptAll(List<ObjectNode> events) {
            return all.add(List.copyOf(events));
        }

        @Override
        public void close() {}
    }

    private static BackendSettings webhook(String... given) {
        return BackendSettings.webhook(ComponentArguments.of(UpstreamComponent.APISERVER, given));
    }

    private static BackendSettings log(String... given) {
        return BackendSettings.log(ComponentArguments.of(UpstreamComponent.APISERVER, given));
    }

    @Test
    void defaultsAreUpstreams() {
        assertThat(webhook())
                .isEqualTo(new BackendSettings(
                        "batch", new BatchSink.Settings(10_000, 400, Duration.ofSeconds(30), 10, 15, true), null));
        assertThat(log())
                .isEqualTo(new BackendSettings(
                        "blocking", new BatchSink.Settings(10_000, 1, Duration.ZERO, 0, 0, false), null));
        assertThat(webhook("audit-webhook-truncate-enabled=true").truncate())
                .isEqualTo(new TruncatingSink.Limits(10_485_760, 102_400));
    }

    @Test
    void allArgumentsOfABatchHaveEffect() {
        assertThat(webhook(
                                "audit-webhook-mode=batch",
                                "audit-webhook-version=audit.k8s.io/v1",
                                "audit-webhook-batch-buffer-size=7",
                                "audit-webhook-batch-max-size=3",
                                "audit-webhook-batch-max-wait=2s",
                                "audit-webhook-batch-throttle-enable=false",
                                "audit-webhook-batch-throttle-qps=2.5",
                                "audit-webhook-batch-throttle-burst=4")
                        .batches())
                .isEqualTo(new BatchSink.Settings(7, 3, Duration.ofSeconds(2), 0, 4, true));
        assertThat(log(
                                "audit-log-mode=batch",
                                "audit-log-version=audit.k8s.io/v1",
                                "audit-log-batch-max-size=3",
                                "audit-log-batch-max-wait=2s",
                                "audit-log-batch-throttle-enable=true",
                                "audit-log-batch-throttle-qps=2.5",
                                "audit-log-batch-throttle-burst=4")
                        .batches())
                .isEqualTo(new BatchSink.Settings(10_000, 3, Duration.ofSeconds(2), 2.5, 4, false));
        assertThat(log(
                                "audit-log-truncate-enabled=true",
                                "audit-log-truncate-max-batch-size=2000",
                                "audit-log-truncate-max-event-size=1000")
                        .truncate())
                .isEqualTo(new TruncatingSink.Limits(2000, 1000));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "audit-webhook-mode=later|invalid audit webhook mode later, allowed modes are \"batch,blocking,blocking-strict\"",
                "audit-webhook-batch-buffer-size=0|invalid audit batch webhook buffer size 0, must be a positive number",
                "audit-webhook-batch-max-size=-1|invalid audit batch webhook max batch size -1, must be a positive number",
                "audit-webhook-batch-throttle-qps=0|invalid audit batch webhook throttle QPS 0.0, must be a positive number",
                "audit-webhook-batch-throttle-burst=0|invalid audit batch webhook throttle burst 0, must be a positive number",
                "audit-webhook-version=audit.k8s.io/v2|--audit-webhook-version: invalid value audit.k8s.io/v2, allowed are audit.k8s.io/v1"
            })
    void whatCannotBeIsRefusedWithUpstreamsWords(String given, String words) {
        assertThatThrownBy(() -> webhook(given))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(words);
    }

    @Test
    void theBackoffHasAnOlderName() {
        assertThat(AuditSettings.of(ComponentArguments.of(
                                UpstreamComponent.APISERVER, "audit-webhook-batch-initial-backoff=3s"))
                        .backoff())
                .isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void aBatchThatIsSmallerThanAnEventIsRefused() {
        assertThatThrownBy(() -> webhook(
                        "audit-webhook-truncate-enabled",
                        "audit-webhook-truncate-max-batch-size=10",
                        "audit-webhook-truncate-max-event-size=20"))
                .hasMessage(
                        "invalid audit truncate webhook max batch size 10, must be greater than max event size (20)");
    }

    @Test
    void eventsGoTogetherUpToTheMostOrUntilTheFirstHasWaited() throws InterruptedException {
        Batches kept = new Batches();
        try (BatchSink sink =
                new BatchSink(kept, new BatchSink.Settings(100, 3, Duration.ofMillis(300), 0, 0, true), metrics)) {
            for (int number = 0; number < 4; number++) {
                assertThat(sink.accept(event(number))).isTrue();
            }
            assertThat(kept.all.poll(10, TimeUnit.SECONDS)).hasSize(3);
            assertThat(kept.all.poll(10, TimeUnit.SECONDS)).hasSize(1);
        }
    }

    @Test
    void whatWaitsAtTheEndIsStillHandedOn() {
        Batches kept = new Batches();
        BatchSink sink =
                new BatchSink(kept, new BatchSink.Settings(100, 50, Duration.ofMinutes(5), 0, 0, true), metrics);
        sink.accept(event(1));
        sink.accept(event(2));
        sink.close();
        assertThat(kept.all.stream().mapToInt(List::size).sum()).isEqualTo(2);
    }

    @Test
    void batchesComeNoFasterThanTheyMay() throws InterruptedException {
        TokenBucket bucket = new TokenBucket(20, 2);
        long began = System.nanoTime();
        for (int at = 0; at < 6; at++) {
            bucket.take();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofMillis(190), Duration.ofSeconds(5));
    }

    @Test
    void tooLargeAnEventGoesWithoutItsObjectsAndTooLargeABatchInParts() throws IOException {
        Batches kept = new Batches();
        ObjectNode large = event(1).put("level", "RequestResponse");
        large.putObject("requestObject").put("data", "x".repeat(500));
        large.putObject("responseObject").put("data", "x".repeat(500));
        ObjectNode hopeless = event(2).put("requestURI", "/" + "x".repeat(500));
        TruncatingSink sink = new TruncatingSink(kept, new TruncatingSink.Limits(250, 200), metrics);
        assertThat(sink.acceptAll(List.of(large, hopeless, event(3).put("pad", "x".repeat(150)), event(4))))
                .isFalse();
        assertThat(kept.all).hasSize(2);
        ObjectNode shortened = kept.all.remove().getFirst();
        assertThat(shortened.has("requestObject")).isFalse();
        assertThat(shortened.has("responseObject")).isFalse();
        assertThat(shortened.path("annotations").path("audit.k8s.io/truncated").asText())
                .isEqualTo("true");
        assertThat(large.has("requestObject")).as("the event of other sinks").isTrue();
        assertThat(kept.all.remove())
                .extracting(event -> event.path("auditID").asText())
                .containsExactly("3", "4");
        assertThat(told()).contains("apiserver_audit_error_total{plugin=\"truncate\"} 1\n");
    }

    @Test
    void aPostThatFailsIsTriedFiveTimesInAll() throws IOException {
        AtomicInteger tries = new AtomicInteger();
        WebhookSink.Poster flaky = new WebhookSink.Poster() {
            @Override
            public int post(byte[] json) throws IOException {
                if (tries.incrementAndGet() % 2 == 0) {
                    throw new IOException("gone");
                }
                return 503;
            }

            @Override
            public void close() {}
        };
        try (WebhookSink sink = new WebhookSink(flaky, Duration.ofMillis(1), metrics)) {
            assertThat(sink.acceptAll(List.of(event(1), event(2)))).isFalse();
        }
        assertThat(tries).hasValue(5);
        assertThat(told()).contains("apiserver_audit_error_total{plugin=\"webhook\"} 2\n");
    }

    @Test
    @Behaviour("Audit with log and webhook backends")
    void eventsArePostedToTheServerOfTheKubeconfigAsAnEventList() throws Exception {
        BlockingQueue<JsonNode> posted = new LinkedBlockingQueue<>();
        List<String> authorizations = new ArrayList<>();
        AtomicInteger calls = new AtomicInteger();
        JettyServers servers = new JettyServers();
        try (HttpServer server = servers.start(HttpServerOptions.of("hook", exchange -> {
                    authorizations.add(exchange.requestHeaders().first("Authorization"));
                    byte[] body = exchange.requestBody().readAllBytes();
                    if (calls.getAndIncrement() == 0) {
                        exchange.respond(500, "text/plain", new byte[0]);
                        return;
                    }
                    posted.add(Trees.parse(body));
                    exchange.respond(200, "application/json", "{}".getBytes(StandardCharsets.US_ASCII));
                })
                .listen("127.0.0.1", 0))) {
            Path policy = Files.writeString(
                    folder.resolve("policy"),
                    "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Metadata}]\n");
            Path kubeconfig = Files.writeString(
                    folder.resolve("hook"),
                    "apiVersion: v1\nkind: Config\nclusters: [{name: c, cluster: {server: \"http://127.0.0.1:"
                            + server.port()
                            + "/audit\"}}]\nusers: [{name: u, user: {token: secret}}]\ncontexts: [{name: x, context: {cluster: c, user: u}}]\ncurrent-context: x\n");
            AuditSettings settings = AuditSettings.of(ComponentArguments.of(
                    UpstreamComponent.APISERVER,
                    "audit-policy-file=" + policy,
                    "audit-webhook-config-file=" + kubeconfig,
                    "audit-webhook-initial-backoff=10ms",
                    "audit-webhook-batch-max-wait=100ms"));
            assertThat(settings.on()).isTrue();
            try (AuditSink sink = settings.sink(InstantSource.system(), metrics, new Clients())) {
                sink.accept(event(1));
                sink.accept(event(2));
                JsonNode list = posted.poll(20, TimeUnit.SECONDS);
                assertThat(list).isNotNull();
                assertThat(list.path("kind").asText()).isEqualTo("EventList");
                assertThat(list.path("apiVersion").asText()).isEqualTo("audit.k8s.io/v1");
                assertThat(list.path("items")).hasSize(2);
                assertThat(authorizations).containsOnly("Bearer secret");
            }
            assertThat(told()).contains("apiserver_audit_event_total 2\n").doesNotContain("audit_error_total{");
        } finally {
            servers.stop();
        }
    }

    @Test
    void onlyAStrictBackendThatFailsFailsTheEvent() {
        AuditSink broken = new AuditSink() {
            @Override
            public boolean accept(ObjectNode event) {
                return false;
            }

            @Override
            public void close() {}
        };
        assertThat(new FanOut(List.of(new FanOut.Part(broken, false)), metrics).accept(event(1)))
                .isTrue();
        assertThat(new FanOut(List.of(new FanOut.Part(new Batches(), false), new FanOut.Part(broken, true)), metrics)
                        .accept(event(1)))
                .isFalse();
    }
}
