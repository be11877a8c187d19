package dev.kite.apiserver.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.api.arguments.ArgumentTable;
import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import dev.kite.api.health.HealthCheck;
import dev.kite.api.http.HttpHandler;
import dev.kite.apiserver.harness.Api;
import dev.kite.apiserver.request.ApiRoute;
import dev.kite.behaviour.Behaviour;
import dev.kite.http.InProcessExchange;
import dev.kite.http.InProcessResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What tells people and probes how the server is. */
@Timeout(60)
class DiagnosticsTest {
    private record Answer(int code, String type, String warning, String body) {}

    private static Answer ask(ApiRoute.Document document, InProcessExchange.Builder request) throws IOException {
        HttpHandler handler = exchange -> {
            if (!document.serve(exchange)) {
                exchange.respond(404, "text/plain", "nobody".getBytes(StandardCharsets.US_ASCII));
            }
        };
        try (InProcessResponse response = request.build().send(handler::handle)) {
            return new Answer(
                    response.status(),
                    String.valueOf(response.headers().first("Content-Type")),
                    String.valueOf(response.headers().first("Warning")),
                    new String(response.bytes(), StandardCharsets.UTF_8));
        }
    }

    private static Answer get(ApiRoute.Document document, String path) throws IOException {
        return ask(document, InProcessExchange.request("GET", path));
    }

    private static HealthCheck check(String name, AtomicBoolean well) {
        return new HealthCheck() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Health check() {
                return well.get() ? new Health.Healthy() : new Health.Unhealthy("secret words");
            }
        };
    }

    @Test
    @Behaviour("livez, readyz and healthz with upstream's check names, exclude and verbose")
    void checksAreToldExcludedAndUnknownOnesWarnedOfInUpstreamsWords() throws IOException {
        AtomicBoolean started = new AtomicBoolean();
        AtomicBoolean stopping = new AtomicBoolean();
        AtomicBoolean store = new AtomicBoolean(true);
        HealthDocument health = new HealthDocument(new HealthChecks(
                started::get, stopping::get, check("etcd", store), () -> List.of(check("kms-providers", store))));
        assertThat(get(health, "/livez").code()).isEqualTo(500);
        started.set(true);
        assertThat(get(health, "/livez").body()).isEqualTo("ok");
        assertThat(get(health, "/livez?verbose&exclude=ping&exclude=nope&exclude=bar")
                        .body())
                .startsWith("[+]ping excluded: ok\n[+]log ok\n[+]etcd ok\n[+]kms-providers ok\n[+]poststarthook/")
                .contains("[+]autoregister-completion ok\n")
                .endsWith(
                        "\nwarn: some health checks cannot be excluded: no matches for \"bar\",\"nope\"\nlivez check passed\n")
                .doesNotContain("]informer-sync", "]shutdown");
        store.set(false);
        Answer failed = get(health, "/readyz");
        assertThat(failed.code()).isEqualTo(500);
        assertThat(failed.body())
                .contains("[+]informer-sync ok\n", "[-]etcd failed: reason withheld\n", "[+]shutdown ok\n")
                .endsWith("readyz check failed\n")
                .doesNotContain("secret words");
        assertThat(get(health, "/readyz?exclude=etcd&exclude=kms-providers").body())
                .isEqualTo("ok");
        assertThat(get(health, "/readyz/etcd"))
                .isEqualTo(new Answer(
                        500, "text/plain; charset=utf-8", "null", "internal server error: reason withheld\n"));
        assertThat(get(health, "/livez/poststarthook/crd-informer-synced").body())
                .isEqualTo("ok");
        stopping.set(true);
        assertThat(get(health, "/readyz/shutdown").code()).isEqualTo(500);
        assertThat(get(health, "/livez/shutdown").code()).isEqualTo(404);
        assertThat(get(health, "/livez/").code()).isEqualTo(404);
        assertThat(get(health, "/livezz").code()).isEqualTo(404);
    }

    @Test
    void whatChecksFoundIsToldOfTheServiceLevel(@TempDir Path folder) {
        try (Api api = new Api(folder)) {
            api.get("/readyz").expect(200);
            assertThat(api.get("/metrics/slis").expect(200).text())
                    .contains(
                            "kubernetes_healthcheck{name=\"etcd\",type=\"readyz\"} 1\n",
                            "kubernetes_healthchecks_total{name=\"etcd\",status=\"success\",type=\"readyz\"} 1\n");
        }
    }

    @Test
    @Behaviour("flagz and statusz as text and as objects")
    void statuszIsTextOrAnObjectOfItsVersion() throws IOException {
        Instant[] now = {Instant.parse("2026-11-04T12:00:00.5Z")};
        StatuszDocument statusz = new StatuszDocument(() -> now[0]);
        now[0] = now[0].plus(Duration.ofSeconds(3 * 3600 + 65));
        assertThat(get(statusz, "/statusz").body())
                .startsWith("\napiserver statusz\nWarning: ")
                .contains("\nStarted:  Wed Nov  4 12:00:00 UTC 2026\nUp:  3 hr 1 min 5 sec\n")
                .contains("\nBinary version:  1.36.2\nEmulation version:  1.36\nPaths:  /flagz ");
        Answer object = ask(
                statusz,
                InProcessExchange.request("GET", "/statusz")
                        .header("Accept", "application/json;v=v1beta1;g=config.k8s.io;as=Statusz"));
        assertThat(object.type()).isEqualTo("application/json;g=config.k8s.io;v=v1beta1;as=Statusz");
        assertThat(object.body())
                .contains(
                        "\"startTime\" : \"2026-11-04T12:00:00Z\"",
                        "\"uptimeSeconds\" : 10865",
                        "\"name\" : \"apiserver\"");
        Answer old = ask(
                statusz,
                InProcessExchange.request("GET", "/statusz")
                        .header("Accept", "application/yaml;v=v1alpha1;g=config.k8s.io;as=Statusz"));
        assertThat(old.body()).contains("kind: Statusz\n", "apiVersion: config.k8s.io/v1alpha1\n");
        assertThat(old.warning()).contains("This version of the statusz endpoint is deprecated");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "text/html",
                "application/json;v=v1;g=config.k8s.io;as=Statusz",
                "application/json;v=v1beta1;g=config.k8s.io;as=Flagz",
                ";;;,,,;="
            })
    void otherFormsAreNotAcceptable(String accept, @TempDir Path folder) {
        try (Api api = new Api(folder)) {
            JsonNode status = api.get("/statusz", "Accept", accept).expect(406).json();
            assertThat(status.path("message").asText())
                    .isEqualTo(
                            "only the following media types are accepted: application/json, application/yaml, text/plain");
        }
    }

    @Test
    void flagzTellsWhatIsGivenAndDefaultsOfAllTheRest() throws IOException {
        Map<String, String> values = FlagValues.of(
                ComponentArguments.of(
                        UpstreamComponent.APISERVER, "event-ttl=2h", "profiling=false", "audit-log-maxage=3"),
                Map.of("service-cluster-ip-range", "10.43.0.0/16"));
        assertThat(get(new FlagzDocument(values), "/flagz").body())
                .startsWith("\napiserver flagz\nWarning: ")
                .contains(
                        "\nevent-ttl=2h\n",
                        "\nprofiling=false\n",
                        "\naudit-log-maxage=3\n",
                        "\naudit-log-maxbackup=100\n",
                        "\nservice-cluster-ip-range=10.43.0.0/16\n");
        List<String> unknown = new ArrayList<>(values.keySet());
        ArgumentTable.of(UpstreamComponent.APISERVER).all().forEach(argument -> unknown.remove(argument.name()));
        assertThat(unknown)
                .as("flags that kube-apiserver's help does not have")
                .containsExactly(
                        "default-not-ready-toleration-seconds",
                        "default-unreachable-toleration-seconds",
                        "kubelet-port",
                        "kubelet-read-only-port");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET|3|406|unsupported http method",
                "POST|3|406|unsupported http method",
                "PUT|3|200|successfully set klog.logging.verbosity to 3",
                "PUT|x|400|strconv.ParseUint: parsing \"x\": invalid syntax",
                "PUT|-1|400|strconv.ParseUint: parsing \"-1\": invalid syntax",
                "PUT|99999999999|400|strconv.ParseUint: parsing \"99999999999\": invalid syntax"
            })
    void theLogsLevelIsPut(String method, String body, int code, String words) throws IOException {
        List<Integer> set = new ArrayList<>();
        Answer answer = ask(
                new LogLevelDocument(set::add),
                InProcessExchange.request(method, "/debug/flags/v")
                        .body("text/plain", body.getBytes(StandardCharsets.UTF_8)));
        assertThat(answer).isEqualTo(new Answer(code, "text/plain", "null", words + "\n"));
        assertThat(set).hasSize(code == 200 ? 1 : 0);
    }

    private static final class Slow implements ProfileDocument.Profiles {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch go = new CountDownLatch(1);
        private final List<Duration> asked = new ArrayList<>();

        @Override
        public byte[] record(Duration lasts, boolean details) throws IOException {
            asked.add(lasts);
            begun.countDown();
            try {
                if (!go.await(30, TimeUnit.SECONDS)) {
                    throw new IOException("nobody let it go");
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return new byte[] {'F', 'L', 'R'};
        }

        @Override
        public String heap() {
            return "classes";
        }

        @Override
        public String threads(boolean virtual) {
            return virtual ? "all threads" : "platform threads";
        }

        @Override
        public String commandLine() {
            return "kite\0server";
        }
    }

    @Test
    void oneProfileIsTakenAtATimeAndForNoLongerThanMay() throws Exception {
        Slow profiles = new Slow();
        ProfileDocument document = new ProfileDocument(profiles);
        Answer[] first = new Answer[1];
        Thread taking = Thread.ofVirtual().start(() -> {
            try {
                first[0] = get(document, "/debug/pprof/profile?seconds=0.5");
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        assertThat(profiles.begun.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(get(document, "/debug/pprof/trace").code()).isEqualTo(500);
        profiles.go.countDown();
        taking.join();
        assertThat(first[0]).isEqualTo(new Answer(200, "application/octet-stream", "null", "FLR"));
        get(document, "/debug/pprof/profile");
        get(document, "/debug/pprof/trace?seconds=nonsense");
        assertThat(profiles.asked)
                .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(1));
        assertThat(get(document, "/debug/pprof/profile?seconds=301").code()).isEqualTo(400);
        assertThat(get(document, "/debug/pprof/heap").body()).isEqualTo("classes");
        assertThat(get(document, "/debug/pprof/goroutine").body()).isEqualTo("all threads");
        assertThat(get(document, "/debug/pprof/nope").body()).isEqualTo("Unknown profile\n");
        assertThat(get(document, "/debug/pprof/").body()).contains("href='profile'");
    }

    @Test
    void theJvmsProfilesAreRecordings() throws IOException {
        JvmProfiles profiles = new JvmProfiles();
        assertThat(new String(profiles.record(Duration.ofMillis(200), false), StandardCharsets.ISO_8859_1))
                .startsWith("FLR\0");
        assertThat(profiles.heap()).contains("java.lang.String");
        assertThat(profiles.threads(false)).contains("main");
        assertThat(profiles.commandLine()).contains("java");
    }

    @Test
    void profilesAreThereUnlessTheArgumentSaysNo(@TempDir Path folder) {
        try (Api api = new Api(folder)) {
            api.get("/debug/pprof/").expect(200);
        }
        assertThat(dev.kite.apiserver.bootstrap.Diagnostics.of(
                                ComponentArguments.of(UpstreamComponent.APISERVER, "profiling=false"))
                        .profiling())
                .isFalse();
    }
}
