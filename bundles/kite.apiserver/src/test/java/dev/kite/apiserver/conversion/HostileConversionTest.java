package dev.kite.apiserver.conversion;

import static dev.kite.apiserver.conversion.ConversionFixture.DEFINITIONS;
import static dev.kite.apiserver.conversion.ConversionFixture.V1;
import static dev.kite.apiserver.conversion.ConversionFixture.V2;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.harness.Api;
import dev.kite.apiserver.webhook.TestWebhook;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Webhooks that lie, fail, hang or are not there: what they do is said in upstream's words, and nothing of it is stored. */
class HostileConversionTest {
    private static final String SUBJECT = "conversion webhook for example.com/v2, Kind=Route ";
    private static KeyStore keys;
    private ConversionFixture with;
    private Api api;

    @BeforeAll
    static void certify(@TempDir Path folder) throws Exception {
        keys = TestWebhook.keys(folder);
    }

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        with = new ConversionFixture(folder, keys);
        api = with.api;
        with.define("v2");
        with.v2("one", "a", "1").expect(201);
    }

    @AfterEach
    void stop() {
        with.close();
    }

    private static ObjectNode response(ObjectNode answer) {
        return (ObjectNode) answer.get("response");
    }

    private static ObjectNode first(ObjectNode answer) {
        return (ObjectNode) answer.at("/response/convertedObjects/0");
    }

    private static ObjectNode metadata(ObjectNode answer) {
        return (ObjectNode) first(answer).get("metadata");
    }

    private static UnaryOperator<ObjectNode> lie(String name) {
        return answer -> {
            switch (name) {
                case "uid" -> response(answer).put("uid", "other");
                case "failed" ->
                    response(answer).putObject("result").put("status", "Failed").put("message", "no way");
                case "silent" -> response(answer).putObject("result").put("status", "Failed");
                case "absent" -> answer.remove("response");
                case "more" ->
                    ((com.fasterxml.jackson.databind.node.ArrayNode)
                                    response(answer).get("convertedObjects"))
                            .add(first(answer));
                case "none" -> response(answer).putArray("convertedObjects");
                case "kind" -> first(answer).put("kind", "Other");
                case "version" -> first(answer).put("apiVersion", "example.com/v9");
                case "text" -> response(answer).putArray("convertedObjects").add("x");
                case "null" -> response(answer).putArray("convertedObjects").addNull();
                case "name" -> metadata(answer).put("name", "x");
                case "namespace" -> metadata(answer).put("namespace", "x");
                case "identity" -> metadata(answer).put("uid", "x");
                case "bare" -> first(answer).remove("metadata");
                case "number" -> metadata(answer).putObject("labels").put("a", 1);
                case "labels" -> metadata(answer).put("labels", "x");
                case "label" -> metadata(answer).putObject("labels").put("a b", "c");
                case "annotation" -> metadata(answer).putObject("annotations").put("a b", "c");
                case "review" -> answer.put("kind", "Other");
                case "empty" -> answer.removeAll();
                default -> throw new IllegalArgumentException(name);
            }
            return answer;
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "failed | failed: no way",
                "silent | failed: response.result.status was 'Failed', not 'Success'",
                "absent | failed: no response provided",
                "more | returned 2 objects, expected 1",
                "none | returned 0 objects, expected 1",
                "kind | returned invalid object at index 0: invalid kind (expected Route, received Other)",
                "version | returned invalid object at index 0: invalid groupVersion (expected example.com/v1, received"
                        + " example.com/v9)",
                "name | returned invalid object: must have the same name: one != x",
                "namespace | returned invalid object: must have the same namespace: default != x",
                "bare | returned invalid object: must have the same name: one != ",
                "number | returned invalid metadata: metadata.labels[a] must be a string, but is int64 in converted"
                        + " object",
                "labels | returned invalid metadata: invalid metadata.labels of type string in converted object",
                "empty | failed: expected webhook response of apiextensions.k8s.io/v1, Kind=ConversionReview, got /,"
                        + " Kind="
            })
    void aLieIsSaidAsUpstreamSaysIt(String name, String words) {
        with.lie = lie(name);
        JsonNode status = api.get(V1 + "/one").expect(500).json();
        assertThat(status.at("/message").asText().strip()).isEqualTo((SUBJECT + words).strip());
        assertThat(status.has("reason")).isFalse();
        // Nor does a list show what can't be converted, or a write get through.
        api.get(V1).expect(500);
        with.v1("two", "b:2").expect(500);
        api.delete(V1 + "/one").expect(500);
        with.lie = UnaryOperator.identity();
        assertThat(api.get(V1).expect(200).json().at("/items")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"uid", "identity", "label", "annotation", "review", "text", "null"})
    void whatIsNotWhatItShouldBeIsRefused(String name) {
        with.lie = lie(name);
        assertThat(api.get(V1 + "/one").expect(500).at("/message")).isNotEmpty();
    }

    @Test
    void ofMetadataLabelsAndAnnotationsAloneAreTheWebhooks() {
        with.lie = answer -> {
            metadata(answer).put("generation", 99).putArray("finalizers").add("a/b");
            metadata(answer).putObject("labels").put("new", "label");
            return answer;
        };
        JsonNode metadata = api.get(V1 + "/one").expect(200).json().at("/metadata");
        assertThat(metadata.at("/labels/new").asText()).isEqualTo("label");
        assertThat(metadata.at("/generation").asInt()).isEqualTo(1);
        assertThat(metadata.has("finalizers")).isFalse();
        assertThat(metadata.at("/resourceVersion").asText()).isNotEmpty();
    }

    @Test
    void aBatchWithOneBadObjectNamesIt() {
        with.v2("two", "b", "2").expect(201);
        with.lie = answer -> {
            ((ObjectNode) answer.at("/response/convertedObjects/1/metadata")).put("name", "x");
            return answer;
        };
        assertThat(api.get(V1).expect(500).at("/message"))
                .isEqualTo(SUBJECT + "returned invalid converted object at index 1: must have the same name: two != x");
    }

    @Test
    void aWatchEndsWithWhatIsWrong() {
        with.lie = lie("failed");
        try (var response = api.open(
                "GET",
                V1 + "?watch=true&sendInitialEvents=true&allowWatchBookmarks=true&timeoutSeconds=5"
                        + "&resourceVersionMatch=NotOlderThan",
                "",
                new byte[0])) {
            assertThat(new String(response.bytes(), StandardCharsets.UTF_8))
                    .startsWith("{\"type\":\"ERROR\"")
                    .contains("failed: no way");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void webhookAt(String path) {
        api.patch(
                        DEFINITIONS + "/routes.example.com",
                        "application/merge-patch+json",
                        "{\"spec\":{\"conversion\":{\"webhook\":{\"clientConfig\":{\"url\":\"" + with.hook.url(path)
                                + "\"}}}}}")
                .expect(200);
    }

    @Test
    void aWebhookThatHangsOrDripsHoldsNobodyForLong() {
        with.hook.on("/hang", (_, _) -> Thread.sleep(20_000));
        with.hook.on("/drip", (_, exchange) -> {
            exchange.sendResponseHeaders(200, 0);
            for (int i = 0; i < 100; i++) {
                exchange.getResponseBody().write(' ');
                exchange.getResponseBody().flush();
                Thread.sleep(200);
            }
        });
        for (String path : new String[] {"/hang", "/drip"}) {
            webhookAt(path);
            long before = System.nanoTime();
            assertThat(api.get(V1 + "/one").expect(500).at("/message"))
                    .isEqualTo(SUBJECT + "failed: Post \"" + with.hook.url(path)
                            + "?timeout=2s\": context deadline exceeded");
            assertThat(System.nanoTime() - before).isLessThan(10_000_000_000L);
        }
    }

    @Test
    void answersThatAreTooLargeOrNoReviewsAreRefused() {
        byte[] much = new byte[4 << 20];
        java.util.Arrays.fill(much, (byte) ' ');
        with.hook.on("/much", (_, exchange) -> {
            exchange.sendResponseHeaders(200, much.length);
            exchange.getResponseBody().write(much);
        });
        with.hook.on("/deep", (_, exchange) -> TestWebhook.send(exchange, 200, "{\"a\":" + "[".repeat(5000)));
        with.hook.on("/text", (_, exchange) -> TestWebhook.send(exchange, 200, "hello"));
        with.hook.on("/list", (_, exchange) -> TestWebhook.send(exchange, 200, "[]"));
        with.hook.on("/void", (_, exchange) -> TestWebhook.send(exchange, 200, ""));
        with.hook.on("/broken", (_, exchange) -> TestWebhook.send(exchange, 500, "oops"));
        for (String path : new String[] {"/much", "/deep", "/text", "/list", "/void", "/broken", "/nowhere"}) {
            webhookAt(path);
            assertThat(api.get(V1 + "/one").expect(500).at("/message")).startsWith(SUBJECT + "failed: ");
        }
        assertThat(api.get(V2 + "/one").expect(200).at("/spec/host")).isEqualTo("a");
    }

    @Test
    void aWebhookThatIsNotThereLeavesTheStorageVersionUsable() {
        api.patch(
                        DEFINITIONS + "/routes.example.com",
                        "application/merge-patch+json",
                        "{\"spec\":{\"conversion\":{\"webhook\":{\"clientConfig\":{\"url\":null,\"service\":"
                                + "{\"name\":\"none\",\"namespace\":\"default\"}}}}}}")
                .expect(200);
        assertThat(api.get(V1 + "/one").expect(500).at("/message"))
                .isEqualTo(SUBJECT
                        + "failed: Post \"https://none.default.svc:443/?timeout=2s\": service \"none\" not found");
        api.patch(V2 + "/one", "application/merge-patch+json", "{\"spec\":{\"port\":\"2\"}}")
                .expect(200);
        api.delete(V2 + "/one").expect(200);
    }

    @Test
    void reviewsOfVersion1Beta1AreNotCheckedForTheirUid() {
        api.patch(
                        DEFINITIONS + "/routes.example.com",
                        "application/merge-patch+json",
                        "{\"spec\":{\"conversion\":{\"webhook\":{\"conversionReviewVersions\":"
                                + "[\"v9\",\"v1beta1\",\"v1\"]}}}}")
                .expect(200);
        with.lie = lie("uid");
        assertThat(api.get(V1 + "/one").expect(200).at("/spec/hostPort")).isEqualTo("a:1");
        assertThat(with.hook.asked.getFirst().at("/apiVersion").asText()).isEqualTo("apiextensions.k8s.io/v1beta1");
    }
}
