package dev.kite.apiserver.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.harness.Api;
import dev.kite.apiserver.harness.Api.Answer;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Webhooks over HTTPS, asked by the API. */
class WebhooksTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String ADMISSION = "/apis/admissionregistration.k8s.io/v1/";
    private static final String RULE =
            "{operations: ['*'], apiGroups: [''], apiVersions: [v1], resources: [configmaps, pods/attach]}";

    private static KeyStore keys;
    private HookedApi with;
    private TestWebhook hook;
    private Api api;

    @BeforeAll
    static void certify(@TempDir Path folder) throws Exception {
        keys = TestWebhook.keys(folder);
    }

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        with = new HookedApi(folder, keys);
        hook = with.hook();
        api = with.api();
    }

    @AfterEach
    void stop() {
        with.close();
    }

    private String webhook(String path, String more) {
        return "{name: h" + path.replace('/', '-') + ".example.com, sideEffects: None, admissionReviewVersions: [v1],"
                + " rules: [" + RULE + "], clientConfig: {url: '" + hook.url(path) + "', caBundle: " + hook.bundle()
                + "}" + more + "}";
    }

    private void mutating(String name, String... webhooks) {
        api.post(
                        ADMISSION + "mutatingwebhookconfigurations",
                        "metadata: {name: " + name + "}\nwebhooks: [" + String.join(", ", webhooks) + "]")
                .expect(201);
    }

    private void validating(String... webhooks) {
        api.post(
                        ADMISSION + "validatingwebhookconfigurations",
                        "metadata: {name: v}\nwebhooks: [" + String.join(", ", webhooks) + "]")
                .expect(201);
    }

    private Answer map(String name) {
        return api.post(MAPS, "metadata: {name: " + name + "}\ndata: {a: b}");
    }

    @Test
    void aWebhookSeesTheWriteAndChangesIt() {
        hook.respond(
                "/m",
                "{\"allowed\":true,\"warnings\":[\"careful\"],\"patchType\":\"JSONPatch\",\"patch\":\""
                        + TestWebhook.patch("[{\"op\":\"add\",\"path\":\"/data/c\",\"value\":\"d\"}]") + "\"}");
        mutating("m", webhook("/m", ""));
        Answer made = map("one").expect(201);
        assertThat(made.at("/data/c")).isEqualTo("d");
        assertThat(made.warnings()).anyMatch(warning -> warning.contains("careful"));
        ObjectNode request = (ObjectNode) hook.asked.getFirst().get("request");
        assertThat(request.at("/operation").asText()).isEqualTo("CREATE");
        assertThat(request.at("/kind/kind").asText()).isEqualTo("ConfigMap");
        assertThat(request.at("/requestResource/resource").asText()).isEqualTo("configmaps");
        assertThat(request.at("/userInfo/username").asText()).isEqualTo("admin");
        assertThat(request.at("/object/data/a").asText()).isEqualTo("b");
        assertThat(request.at("/options/kind").asText()).isEqualTo("CreateOptions");
        assertThat(request.get("oldObject").isNull()).isTrue();
    }

    @Test
    void aWebhookBehindAServiceIsReachedByItsClusterIpAndKnownByItsName() {
        hook.respond("/s", "{\"allowed\":false,\"status\":{\"message\":\"not here\"}}");
        ObjectNode service = api.post(
                        "/api/v1/namespaces/default/services",
                        "metadata: {name: hook}\nspec: {ports: [{port: " + hook.port() + "}]}")
                .expect(201)
                .object();
        // The proxy that makes a cluster IP lead somewhere is not part of this test: the address is loopback's.
        ((ObjectNode) service.get("spec"))
                .put("clusterIP", "127.0.0.1")
                .putArray("clusterIPs")
                .add("127.0.0.1");
        api.store()
                .put(
                        "/registry/services/specs/default/hook",
                        dev.kite.apiserver.storage.Trees.stored(service),
                        Long.parseLong(service.at("/metadata/resourceVersion").asText()),
                        dev.kite.store.WriteOptions.DURABLE);
        validating("{name: s.example.com, sideEffects: None, admissionReviewVersions: [v1], rules: [" + RULE
                + "], clientConfig: {service: {namespace: default, name: hook, path: /s, port: " + hook.port()
                + "}, caBundle: " + hook.bundle() + "}}");
        assertThat(map("one").expect(400).at("/message"))
                .isEqualTo("admission webhook \"s.example.com\" denied the request: not here");
    }

    @Test
    void aDenialHasTheWebhooksWordsAndCode() {
        hook.respond(
                "/v", "{\"allowed\":false,\"status\":{\"code\":409,\"reason\":\"Conflict\",\"message\":\"not now\"}}");
        validating(webhook("/v", ""));
        Answer refused = map("one").expect(409);
        assertThat(refused.at("/message"))
                .isEqualTo("admission webhook \"h-v.example.com\" denied the request: not now");
        assertThat(refused.at("/reason")).isEqualTo("Conflict");
        api.get(MAPS + "/one").expect(404);
    }

    @Test
    void aWebhookThatAsksForItSeesWhatLaterOnesChanged() {
        hook.respond(
                "/first",
                "{\"allowed\":true,\"patchType\":\"JSONPatch\",\"patch\":\""
                        + TestWebhook.patch("[{\"op\":\"add\",\"path\":\"/data/first\",\"value\":\"1\"}]") + "\"}");
        hook.respond(
                "/second",
                "{\"allowed\":true,\"patchType\":\"JSONPatch\",\"patch\":\""
                        + TestWebhook.patch("[{\"op\":\"add\",\"path\":\"/data/second\",\"value\":\"2\"}]") + "\"}");
        mutating("m", webhook("/first", ", reinvocationPolicy: IfNeeded"), webhook("/second", ""));
        map("one").expect(201);
        assertThat(hook.asked).hasSize(3);
        assertThat(hook.asked.get(2).at("/request/object/data/second").asText()).isEqualTo("2");
    }

    @Test
    void aWebhookThatHangsIsLeftAfterItsTime() {
        hook.on("/hang", (_, _) -> Thread.sleep(20_000));
        validating(webhook("/hang", ", timeoutSeconds: 1"));
        long before = System.nanoTime();
        assertThat(map("one").expect(500).at("/message"))
                .contains("failed calling webhook \"h-hang.example.com\"")
                .contains("context deadline exceeded");
        assertThat(System.nanoTime() - before).isLessThan(5_000_000_000L);
    }

    @Test
    void aWebhookThatDripsIsLeftAfterItsTime() {
        hook.on("/drip", (_, exchange) -> {
            exchange.sendResponseHeaders(200, 0);
            for (int i = 0; i < 100; i++) {
                exchange.getResponseBody().write(' ');
                exchange.getResponseBody().flush();
                Thread.sleep(100);
            }
        });
        validating(webhook("/drip", ", timeoutSeconds: 1, failurePolicy: Ignore"));
        long before = System.nanoTime();
        map("one").expect(201);
        assertThat(System.nanoTime() - before).isLessThan(5_000_000_000L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "[]",
                "{}",
                "{\"response\":{\"uid\":\"other\",\"allowed\":true},\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\"}",
                "{\"response\":{\"allowed\":true}}"
            })
    void anAnswerThatIsNoneFailsTheWriteAndIsPassedOverWhereItMayBe(String answer) {
        hook.on("/odd", (_, exchange) -> TestWebhook.send(exchange, 200, answer));
        validating(webhook("/odd", ""));
        assertThat(map("one").expect(500).at("/message")).contains("failed calling webhook \"h-odd.example.com\"");
        api.patch(
                        ADMISSION + "validatingwebhookconfigurations/v",
                        "application/json-patch+json",
                        "[{\"op\":\"replace\",\"path\":\"/webhooks/0/failurePolicy\",\"value\":\"Ignore\"}]")
                .expect(200);
        map("one").expect(201);
    }

    @Test
    void aHugeAnswerIsNotRead() {
        hook.on("/huge", (_, exchange) -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] block = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                exchange.getResponseBody().write(block);
            }
        });
        validating(webhook("/huge", ""));
        map("one").expect(500);
    }

    @Test
    void aRedirectIsNotFollowed() {
        hook.respond("/there", "{\"allowed\":true}");
        hook.on("/here", (_, exchange) -> {
            exchange.getResponseHeaders().set("Location", hook.url("/there"));
            TestWebhook.send(exchange, 307, "");
        });
        validating(webhook("/here", ""));
        map("one").expect(500);
        assertThat(hook.asked).hasSize(1);
    }

    @Test
    void anAuthorityThatDidNotSignTheWebhookIsNoProof() {
        hook.respond("/v", "{\"allowed\":true}");
        validating("{name: h.example.com, sideEffects: None, admissionReviewVersions: [v1], rules: [" + RULE
                + "], clientConfig: {url: '" + hook.url("/v") + "'}}");
        map("one").expect(500);
        assertThat(hook.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"!!!", "e30=", "W3t9XQ==", "W3sib3AiOiJyZW1vdmUiLCJwYXRoIjoiL25vbmUifV0="})
    void aPatchThatDoesNotFitFailsTheWrite(String patch) {
        hook.respond("/p", "{\"allowed\":true,\"patchType\":\"JSONPatch\",\"patch\":\"" + patch + "\"}");
        mutating("m", webhook("/p", ""));
        map("one").expect(500);
        api.get(MAPS + "/one").expect(404);
    }

    @Test
    void aValidatingWebhookMayNotPatch() {
        hook.respond("/p", "{\"allowed\":true,\"patchType\":\"JSONPatch\",\"patch\":\"W10=\"}");
        validating(webhook("/p", ""));
        assertThat(map("one").expect(500).at("/message")).contains("validating webhook may not return response.patch");
    }

    @Test
    void aDryRunIsForWebhooksWithoutSideEffects() {
        hook.respond("/v", "{\"allowed\":true}");
        validating(webhook("/v", "").replace("sideEffects: None", "sideEffects: NoneOnDryRun"));
        api.post(MAPS + "?dryRun=All", "metadata: {name: d}").expect(201);
        assertThat(hook.asked.getFirst().at("/request/dryRun").asBoolean()).isTrue();
        api.post(
                        ADMISSION + "validatingwebhookconfigurations",
                        "metadata: {name: some}\nwebhooks: ["
                                + webhook("/v", "").replace("sideEffects: None", "sideEffects: Some") + "]")
                .expect(422);
    }

    @Test
    void webhooksAreNeverAskedAboutWhatConfiguresThem() {
        hook.respond("/all", "{\"allowed\":false}");
        validating(webhook("/all", "")
                .replace(RULE, "{operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*/*']}"));
        map("one").expect(400);
        api.delete(ADMISSION + "validatingwebhookconfigurations/v").expect(200);
        map("one").expect(201);
    }

    @Test
    void attachingIsShownToWebhooksBeforeItIsDone() {
        hook.respond("/v", "{\"allowed\":false,\"status\":{\"message\":\"attaching to pod 'p' is not allowed\"}}");
        validating(webhook("/v", ""));
        Answer refused =
                api.ask("POST", "/api/v1/namespaces/default/pods/p/attach?container=c&stdin=true", "", new byte[0]);
        assertThat(refused.expect(400).at("/message")).contains("attaching to pod 'p' is not allowed");
        ObjectNode request = (ObjectNode) hook.asked.getFirst().get("request");
        assertThat(request.at("/operation").asText()).isEqualTo("CONNECT");
        assertThat(request.at("/subResource").asText()).isEqualTo("attach");
        assertThat(request.at("/kind/kind").asText()).isEqualTo("PodAttachOptions");
        assertThat(request.at("/object/container").asText()).isEqualTo("c");
    }

    @Test
    void allThatCheckAreAskedAndTheFirstThatRefusesHasTheWord() {
        hook.respond("/a", "{\"allowed\":true}");
        hook.respond("/b", "{\"allowed\":false,\"status\":{\"message\":\"b says no\"}}");
        hook.respond("/c", "{\"allowed\":false,\"status\":{\"message\":\"c says no\"}}");
        validating(webhook("/a", ""), webhook("/b", ""), webhook("/c", ""));
        assertThat(map("one").expect(400).at("/message")).endsWith("b says no");
        assertThat(hook.asked).hasSize(3);
    }

    @Test
    void deletesAreShownWithTheOldObject() {
        hook.respond("/v", "{\"allowed\":true}");
        map("one").expect(201);
        validating(webhook("/v", ""));
        api.delete(MAPS + "/one").expect(200);
        ObjectNode request = (ObjectNode) hook.asked.getFirst().get("request");
        assertThat(request.at("/operation").asText()).isEqualTo("DELETE");
        assertThat(request.at("/oldObject/data/a").asText()).isEqualTo("b");
        assertThat(request.get("object").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: default}}; 1",
                "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: other}}; 0",
                "objectSelector: {matchExpressions: [{key: x, operator: Exists}]}; 0",
                "objectSelector: {matchExpressions: [{key: x, operator: DoesNotExist}]}; 1"
            })
    void selectorsSayWhatIsShown(String selector, int times) {
        hook.respond("/v", "{\"allowed\":true}");
        validating(webhook("/v", ", " + selector));
        map("one").expect(201);
        assertThat(hook.asked).hasSize(times);
    }

    @ParameterizedTest
    @CsvSource({"Equivalent,1", "Exact,0"})
    void anotherVersionOfTheSameObjectsIsShownInTheVersionThatIsAskedFor(String policy, int times) {
        hook.respond("/v", "{\"allowed\":true}");
        validating(webhook("/v", ", matchPolicy: " + policy)
                .replace(
                        RULE,
                        "{operations: [CREATE], apiGroups: [autoscaling], apiVersions: [v2],"
                                + " resources: [horizontalpodautoscalers]}"));
        api.post("/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers", """
                        metadata: {name: a}
                        spec: {maxReplicas: 3, targetCPUUtilizationPercentage: 50, scaleTargetRef: {kind: Deployment, name: d}}
                        """)
                .expect(201);
        assertThat(hook.asked).hasSize(times);
        if (times > 0) {
            ObjectNode request = (ObjectNode) hook.asked.getFirst().get("request");
            assertThat(request.at("/kind/version").asText()).isEqualTo("v2");
            assertThat(request.at("/requestKind/version").asText()).isEqualTo("v1");
            assertThat(request.at("/object/spec/metrics/0/resource/name").asText())
                    .isEqualTo("cpu");
        }
        assertThat(List.copyOf(hook.asked)).hasSize(times);
    }
}
