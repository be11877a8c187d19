package dev.kite.apiserver.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import dev.kite.api.http.AuditAnnotations;
import dev.kite.api.http.HttpHandler;
import dev.kite.api.security.UserInfo;
import dev.kite.apiserver.metrics.AuditMetrics;
import dev.kite.apiserver.storage.Trees;
import dev.kite.behaviour.Behaviour;
import dev.kite.http.HttpClientFactory;
import dev.kite.http.InProcessExchange;
import dev.kite.http.InProcessResponse;
import dev.kite.security.RequestInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditTest {
    private static final String HEAD = "apiVersion: audit.k8s.io/v1\nkind: Policy\n";
    private static final HttpClientFactory NO_CLIENTS = options -> {
        throw new AssertionError("no client is wanted: " + options.name());
    };
    private static final UserInfo ALICE = UserInfo.of("alice", "devs");
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-24T12:00:00.123456Z"));

    @TempDir
    Path folder;

    /** Keeps what it is given. */
    private static final class Kept implements AuditSink {
        final List<ObjectNode> events = new ArrayList<>();
        boolean fails;

        @Override
        public synchronized boolean accept(ObjectNode event) {
            events.add(event);
            return !fails;
        }

        @Override
        public void close() {}
    }

    private final Kept kept = new Kept();

    private static AuditPolicy policy(String rules) {
        try {
            return AuditPolicy.read((ObjectNode) new YAMLMapper().readTree(HEAD + rules));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private int ask(String rules, boolean strict, String method, String path, String body, HttpHandler handler)
            throws IOException {
        AuditFilter filter = new AuditFilter(policy(rules), kept, strict, CLOCK, new AuditMetrics());
        InProcessExchange.Builder builder =
                InProcessExchange.request(method, path).user(ALICE);
        if (!body.isEmpty()) {
            builder.body("application/json", body.getBytes(StandardCharsets.UTF_8));
        }
        try (InProcessResponse response = send(builder.build(), exchange -> filter.filter(exchange, handler))) {
            assertThat(response.headers().first("Audit-ID")).hasSize(36);
            return response.status();
        }
    }

    /** Waits until the step has returned: its answer can be read before it has told that it is complete. */
    private static InProcessResponse send(InProcessExchange exchange, HttpHandler step) throws IOException {
        CountDownLatch told = new CountDownLatch(1);
        InProcessResponse response = exchange.send(asked -> {
            try {
                step.handle(asked);
            } finally {
                told.countDown();
            }
        });
        response.bytes();
        try {
            assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return response;
    }

    private static HttpHandler answers(int code, String json) {
        return exchange -> {
            exchange.requestBody().readAllBytes();
            exchange.respond(code, "application/json", json.getBytes(StandardCharsets.UTF_8));
        };
    }

    private static final String POD =
            "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\",\"managedFields\":[{}]}}";

    @Test
    @Behaviour("Audit policy with its four levels: None, Metadata, Request, RequestResponse")
    void levelsTellMoreAndMore() throws IOException {
        String path = "/api/v1/namespaces/default/pods";
        ask("rules: [{level: None}]", false, "POST", path, POD, answers(201, POD));
        assertThat(kept.events).isEmpty();
        ask("rules: [{level: Metadata}]", false, "POST", path, POD, answers(201, POD));
        assertThat(kept.events)
                .extracting(event -> event.path("stage").asText())
                .containsExactly("RequestReceived", "ResponseComplete");
        JsonNode metadata = kept.events.getLast();
        assertThat(metadata.has("requestObject")).isFalse();
        assertThat(metadata.at("/objectRef/name").asText()).isEqualTo("p");
        assertThat(metadata.at("/objectRef/namespace").asText()).isEqualTo("default");
        assertThat(metadata.at("/user/username").asText()).isEqualTo("alice");
        assertThat(metadata.at("/responseStatus/code").asInt()).isEqualTo(201);
        assertThat(metadata.path("verb").asText()).isEqualTo("create");
        assertThat(metadata.path("requestReceivedTimestamp").asText()).isEqualTo("2026-11-24T12:00:00.123456Z");
        ask("rules: [{level: Request}]", false, "POST", path, POD, answers(201, POD));
        assertThat(kept.events.getLast().at("/requestObject/metadata/name").asText())
                .isEqualTo("p");
        assertThat(kept.events.getLast().has("responseObject")).isFalse();
        ask("omitManagedFields: true\nrules: [{level: RequestResponse}]", false, "POST", path, POD, answers(201, POD));
        assertThat(kept.events.getLast().at("/responseObject/kind").asText()).isEqualTo("Pod");
        assertThat(kept.events.getLast().at("/responseObject/metadata").has("managedFields"))
                .isFalse();
    }

    @Test
    void theFirstRuleThatMatchesDecides() throws IOException {
        String rules = "rules:\n"
                + "- {level: None, verbs: [watch], users: [alice]}\n"
                + "- {level: None, nonResourceURLs: ['/healthz*', /version]}\n"
                + "- {level: Request, namespaces: [kube-system], resources: [{group: '', resources: [configmaps]}]}\n"
                + "- {level: None, resources: [{group: '', resources: [configmaps], resourceNames: [quiet]}]}\n"
                + "- {level: Metadata, resources: [{group: '', resources: ['pods/*', '*/status']}], userGroups: [devs]}\n"
                + "- {level: Metadata, resources: [{group: '*', resources: [deployments]}]}\n"
                + "- {level: None}\n";
        String[][] cases = {
            {"GET", "/api/v1/pods?watch=true", ""},
            {"GET", "/healthz/ping", ""},
            {"GET", "/api/v1/namespaces/kube-system/configmaps/a", "Request"},
            {"GET", "/api/v1/namespaces/default/configmaps/quiet", ""},
            {"GET", "/api/v1/namespaces/default/pods/p/log", "Metadata"},
            {"GET", "/api/v1/nodes/n/status", "Metadata"},
            // Upstream's checker takes "pods/*" for pods themselves too.
            {"GET", "/api/v1/namespaces/default/pods/p", "Metadata"},
            {"GET", "/apis/apps/v1/namespaces/default/deployments/d", "Metadata"},
            {"GET", "/api/v1/namespaces/default/services/s", ""},
        };
        for (String[] one : cases) {
            kept.events.clear();
            ask(rules, false, one[0], one[1], "", answers(200, "{}"));
            String level = kept.events.isEmpty()
                    ? ""
                    : kept.events.getLast().path("level").asText();
            assertThat(level).as(one[1]).isEqualTo(one[2]);
        }
    }

    @Test
    void stagesAreOmittedAndWatchesTellWhenTheyStart() throws IOException {
        HttpHandler watch = exchange -> {
            exchange.responseBody().flush();
            assertThat(kept.events.getLast().path("stage").asText()).isEqualTo("ResponseStarted");
            exchange.responseBody().write(new byte[10]);
        };
        ask(
                "omitStages: [RequestReceived]\nrules: [{level: Metadata}]",
                false,
                "GET",
                "/api/v1/pods?watch=1",
                "",
                watch);
        assertThat(kept.events)
                .extracting(event -> event.path("stage").asText())
                .containsExactly("ResponseStarted", "ResponseComplete");
    }

    @Test
    void aRefusalTellsItsStatusAndAFailureIsAPanic() throws IOException {
        ask(
                "rules: [{level: Metadata}]",
                false,
                "GET",
                "/api/v1/pods",
                "",
                answers(
                        403,
                        "{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"Forbidden\",\"message\":\"no\"}"));
        assertThat(kept.events.getLast().at("/responseStatus/reason").asText()).isEqualTo("Forbidden");
        try {
            ask("rules: [{level: Metadata}]", false, "GET", "/api/v1/pods", "", _ -> {
                throw new IllegalStateException("broken");
            });
        } catch (IOException | RuntimeException expected) {
            assertThat(expected).hasStackTraceContaining("broken");
        }
        assertThat(kept.events.getLast().path("stage").asText()).isEqualTo("Panic");
        assertThat(kept.events.getLast().at("/responseStatus/code").asInt()).isEqualTo(500);
    }

    @Test
    void annotationsOfLaterStepsAreToldAndOnlyWhereAudited() throws IOException {
        HttpHandler annotating = exchange -> {
            AuditAnnotations audit = exchange.attribute(AuditAnnotations.class);
            assertThat(audit).isNotNull();
            audit.annotate("authorization.k8s.io/decision", "allow");
            audit.annotate("authorization.k8s.io/decision", "the first stays");
            exchange.user(UserInfo.of("bob"));
            exchange.respond(200, "application/json", new byte[0]);
        };
        ask("rules: [{level: Metadata}]", false, "GET", "/api/v1/pods", "", annotating);
        JsonNode event = kept.events.getLast();
        assertThat(event.path("annotations")
                        .path("authorization.k8s.io/decision")
                        .asText())
                .isEqualTo("allow");
        assertThat(event.at("/impersonatedUser/username").asText()).isEqualTo("bob");
        ask("rules: [{level: None}]", false, "GET", "/api/v1/pods", "", exchange -> {
            assertThat(exchange.attribute(AuditAnnotations.class)).isNull();
            exchange.respond(200, "application/json", new byte[0]);
        });
    }

    @Test
    void anEnormousBodyIsLeftOutOfTheEvent() throws IOException {
        String large = "{\"a\":\"" + "x".repeat(Captured.BOUND) + "\"}";
        ask("rules: [{level: RequestResponse}]", false, "GET", "/api/v1/pods", "", answers(200, large));
        assertThat(kept.events.getLast().has("responseObject")).isFalse();
        assertThat(kept.events
                        .getLast()
                        .at("/annotations")
                        .path("audit.k8s.io/truncated")
                        .asText())
                .isEqualTo("true");
    }

    @Test
    void bodiesThatAreNoObjectsAreNotTold() throws IOException {
        for (String body : new String[] {"{", "\0\1", "[".repeat(5000), "{\"a\":1}}"}) {
            assertThat(ask(
                            "rules: [{level: RequestResponse}]",
                            false,
                            "POST",
                            "/api/v1/namespaces/a/pods",
                            body,
                            answers(400, "{}")))
                    .isEqualTo(400);
        }
    }

    @Test
    void aStrictLogThatFailsRefusesTheRequest() throws IOException {
        kept.fails = true;
        assertThat(ask("rules: [{level: Metadata}]", true, "GET", "/api/v1/pods", "", answers(200, "{}")))
                .isEqualTo(500);
        assertThat(ask("rules: [{level: Metadata}]", false, "GET", "/api/v1/pods", "", answers(200, "{}")))
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rules: []",
                "rules: 5",
                "rules: [5]",
                "rules: [{level: All}]",
                "rules: [{level: Metadata, omitStages: [Never]}]",
                "rules: [{level: Metadata, nonResourceURLs: [healthz]}]",
                "rules: [{level: Metadata, nonResourceURLs: ['/a*b']}]",
                "rules: [{level: Metadata, nonResourceURLs: [/a], namespaces: [b]}]",
                "rules: [{level: Metadata, resources: [{group: apps/v1}]}]",
                "rules: [{level: Metadata, resources: [{resourceNames: [a]}]}]",
                "rules: [{level: Metadata, users: alice}]",
                "rules: [{level: Metadata, users: [{}]}]",
                "rules: [{level: Metadata, omitManagedFields: 3}]",
            })
    void aMalformedPolicyIsRefused(String rules) {
        assertThatThrownBy(() -> policy(rules)).isInstanceOf(IllegalArgumentException.class);
    }

    private AuditSettings settings(String... given) {
        return AuditSettings.of(ComponentArguments.of(UpstreamComponent.APISERVER, given));
    }

    @Test
    @Behaviour("Audit logs are written where k3s's hardening guide puts them")
    void theLogIsWrittenInAFolderThatIsMadePrivate() throws IOException {
        Path policy = Files.writeString(folder.resolve("audit.yaml"), HEAD + "rules: [{level: Metadata}]\n");
        Path log = folder.resolve("server/logs/audit.log");
        AuditSettings settings = settings("audit-policy-file=" + policy, "audit-log-path=" + log);
        assertThat(settings.on()).isTrue();
        try (AuditSink sink = settings.sink(CLOCK, new AuditMetrics(), NO_CLIENTS)) {
            AuditFilter filter = new AuditFilter(settings.policy(), sink, settings.strict(), CLOCK, new AuditMetrics());
            send(
                            InProcessExchange.request("GET", "/api").user(ALICE).build(),
                            exchange -> filter.filter(exchange, answers(200, "{}")))
                    .close();
        }
        List<String> lines = Files.readAllLines(log);
        assertThat(lines).hasSize(2);
        assertThat(Trees.parse(lines.getLast().getBytes(StandardCharsets.UTF_8))
                        .path("apiVersion")
                        .asText())
                .isEqualTo("audit.k8s.io/v1");
        assertThat(Files.getPosixFilePermissions(log))
                .containsExactlyInAnyOrderElementsOf(PosixFilePermissions.fromString("rw-------"));
        assertThat(settings("audit-log-path=" + log).on()).isFalse();
    }

    @Test
    void theLegacyFormIsALineOfWords() throws IOException {
        ask("rules: [{level: Metadata}]", false, "GET", "/api/v1/namespaces/a/pods/p", "", answers(200, "{}"));
        assertThat(new String(LegacyLine.of(kept.events.getLast()), StandardCharsets.UTF_8))
                .startsWith("2026-11-24T12:00:00.123456Z AUDIT: id=\"")
                .contains(
                        " stage=\"ResponseComplete\" ",
                        " method=\"get\" user=\"alice\" groups=\"",
                        " as=\"<self>\" ",
                        " namespace=\"a\" uri=\"/api/v1/namespaces/a/pods/p\" response=\"200\"");
    }

    @Test
    void theFileIsRenamedCompressedAndTheOldestAreRemoved() throws IOException {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-24T12:00:00Z"));
        Path log = folder.resolve("audit.log");
        Files.writeString(folder.resolve("audit-notes.log"), "somebody else's");
        try (RotatingFile file = new RotatingFile(log, new RotatingFile.Limits(100, 2, 2, true), now::get)) {
            for (int i = 0; i < 5; i++) {
                file.write(("line " + i + " ").repeat(10).getBytes(StandardCharsets.UTF_8));
                now.set(now.get().plusSeconds(3600));
            }
        }
        assertThat(names())
                .containsExactly(
                        "audit-2026-11-24T15-00-00.000.log.gz",
                        "audit-2026-11-24T16-00-00.000.log.gz",
                        "audit-notes.log",
                        "audit.log");
        now.set(now.get().plusSeconds(3 * 24 * 3600));
        try (RotatingFile file = new RotatingFile(log, new RotatingFile.Limits(100, 2, 0, false), now::get)) {
            file.write(new byte[90]);
        }
        assertThat(names()).containsExactly("audit-2026-11-27T17-00-00.000.log", "audit-notes.log", "audit.log");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aBatchedLogDropsWhatFindsNoRoom() {
        CountDownLatch go = new CountDownLatch(1);
        AuditSink slow = new AuditSink() {
            @Override
            public boolean accept(ObjectNode event) {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return kept.accept(event);
            }

            @Override
            public void close() {}
        };
        BatchSink batch = new BatchSink(slow, 3);
        for (int i = 0; i < 10; i++) {
            batch.accept(Trees.parse("{}".getBytes(StandardCharsets.UTF_8)));
        }
        assertThat(batch.dropped()).isBetween(6L, 7L);
        go.countDown();
        batch.close();
        assertThat(kept.events).hasSizeBetween(3, 4);
    }

    @Test
    void wrongWordsAreRefused() {
        assertThatThrownBy(() -> settings("audit-log-mode=sometimes")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> settings("audit-log-format=xml")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> settings("audit-log-maxage=-1")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> settings("audit-policy-file=/nowhere/x", "audit-log-path=-")
                        .policy())
                .hasMessageContaining("--audit-policy-file: /nowhere/x");
    }

    @Test
    void failedAuthenticationIsTold() throws IOException {
        FailedAuthenticationAudit step =
                new FailedAuthenticationAudit(policy("rules: [{level: Metadata}]"), kept, CLOCK);
        InProcessExchange asking = InProcessExchange.request("GET", "/api")
                .header("Authorization", "Bearer secret-token")
                .build();
        send(
                        asking,
                        exchange -> step.filter(exchange, asked -> {
                            asked.attribute(
                                    RequestInfo.class, RequestInfo.of(asked.method(), asked.path(), asked.query()));
                            asked.respond(401, "application/json", new byte[0]);
                        }))
                .close();
        assertThat(kept.events.getLast().at("/responseStatus/message").asText())
                .isEqualTo("Authentication failed, attempted: bearer");
        assertThat(kept.events.getLast().toString()).doesNotContain("secret-token");
    }
}
