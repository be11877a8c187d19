package dev.kite.test;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.behaviour.Behaviour;
import dev.kite.cli.client.ApiAccess;
import dev.kite.cli.host.LoopbackForward;
import dev.kite.test.rig.Cluster;
import dev.kite.test.rig.Execution;
import dev.kite.test.rig.SharedCluster;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong requests over HTTPS are answered with Kubernetes' Status, and the server serves on. */
@ExtendWith(SharedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String JSON = "application/json";
    private static final String PROMISE = "Malformed JSON, YAML or patches, deep nesting, 3 MB bodies, bad names, "
            + "wrong resource versions: a Status as Kubernetes words it";

    private final Cluster cluster;
    private final ObjectMapper mapper = new ObjectMapper();
    private LoopbackForward forward;
    private ApiAccess api;

    BadInputTest(Cluster cluster) {
        this.cluster = cluster;
    }

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        forward = LoopbackForward.start(cluster.node().host().namespace(), 6443);
        Path kubeconfig = folder.resolve("kubeconfig");
        Files.writeString(
                kubeconfig,
                Files.readString(cluster.node().kubeconfig())
                        .replace("https://127.0.0.1:6443", "https://127.0.0.1:" + forward.port()));
        api = ApiAccess.of(kubeconfig);
        assertThat(send("POST", MAPS, JSON, map("victim", "{}")).statusCode()).isEqualTo(201);
    }

    @AfterAll
    void end() throws Exception {
        send("DELETE", MAPS + "/victim", JSON, "{}");
        forward.close();
    }

    @AfterEach
    void theServerServesOn() throws Exception {
        assertThat(api.get("/readyz").statusCode()).isEqualTo(200);
        assertThat(api.get(MAPS + "/victim").statusCode()).isEqualTo(200);
    }

    private static String map(String name, String data) {
        return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"" + name + "\"},\"data\":" + data
                + "}";
    }

    private HttpResponse<byte[]> send(String method, String path, String type, String body) throws Exception {
        return api.send(method, path, type, body.getBytes(StandardCharsets.UTF_8));
    }

    private JsonNode refused(HttpResponse<byte[]> answer, int code, String reason) throws Exception {
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        assertThat(answer.statusCode()).as(text).isEqualTo(code);
        JsonNode status = mapper.readTree(text);
        assertThat(status.path("kind").asText()).as(text).isEqualTo("Status");
        assertThat(status.path("status").asText()).isEqualTo("Failure");
        assertThat(status.path("code").asInt()).isEqualTo(code);
        assertThat(status.path("reason").asText()).as(text).isEqualTo(reason);
        assertThat(status.path("message").asText()).isNotEmpty();
        return status;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            application/json | {"apiVersion":"v1","kind":
            application/json | {"apiVersion":"v1","kind":"ConfigMap","metadata":[]}
            application/json | []
            application/json | 7
            application/yaml | {a: [b
            application/yaml | *nothing
            application/json | {"apiVersion":"v1","kind":"Secret","metadata":{"name":"other"}}
            application/json | {"apiVersion":"v9","kind":"ConfigMap","metadata":{"name":"other"}}
            application/json | {"metadata":{"name":"other"},"data":{"a":7}}
            application/vnd.kubernetes.protobuf | garbage
            """)
    @Behaviour(PROMISE)
    void malformedBodiesAreBadRequests(String type, String body) throws Exception {
        refused(send("POST", MAPS, type, body), 400, "BadRequest");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            application/json-patch+json | {"op":"add"}
            application/json-patch+json | [{"op":"fly","path":"/data"}]
            application/merge-patch+json | {"data":
            application/merge-patch+json | [1]
            application/strategic-merge-patch+json | {"data"
            application/apply-patch+yaml | {a: [b
            """)
    @Behaviour(PROMISE)
    void malformedPatchesAreRefused(String type, String body) throws Exception {
        HttpResponse<byte[]> answer = send("PATCH", MAPS + "/victim?fieldManager=test", type, body);
        assertThat(answer.statusCode())
                .as(new String(answer.body(), StandardCharsets.UTF_8))
                .isIn(400, 422);
        assertThat(mapper.readTree(answer.body()).path("kind").asText()).isEqualTo("Status");
    }

    @Test
    @Behaviour(PROMISE)
    void aPatchThatDoesNotFitIsInvalid() throws Exception {
        refused(
                send(
                        "PATCH",
                        MAPS + "/victim",
                        "application/json-patch+json",
                        "[{\"op\":\"test\",\"path\":\"/data/absent\",\"value\":\"x\"}]"),
                422,
                "Invalid");
    }

    @Test
    @Behaviour(PROMISE)
    void unknownMediaTypesAreUnsupported() throws Exception {
        refused(send("POST", MAPS, "text/plain", "hello"), 415, "UnsupportedMediaType");
        refused(send("PATCH", MAPS + "/victim", JSON, "{}"), 415, "UnsupportedMediaType");
    }

    @Test
    @Behaviour(PROMISE)
    void deepNestingIsABadRequest() throws Exception {
        String nested = "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000);
        refused(send("POST", MAPS, JSON, map("deep", nested)), 400, "BadRequest");
        refused(send("POST", MAPS, JSON, "[".repeat(10_000)), 400, "BadRequest");
        refused(send("POST", MAPS, "application/yaml", "[".repeat(10_000)), 400, "BadRequest");
    }

    @Test
    @Behaviour(PROMISE)
    void aBodyOverThreeMegabytesIsTooLarge() throws Exception {
        String body = map("large", "{\"a\":\"" + "x".repeat(3_300_000) + "\"}");
        refused(send("POST", MAPS, JSON, body), 413, "RequestEntityTooLarge");
        HttpRequest request = api.request(MAPS)
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", JSON)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        refused(api.client().send(request, HttpResponse.BodyHandlers.ofByteArray()), 413, "RequestEntityTooLarge");
    }

    @Test
    @Behaviour(PROMISE)
    void badNamesAreInvalidAndSayWhichField() throws Exception {
        JsonNode status = refused(send("POST", MAPS, JSON, map("Bad_Name", "{}")), 422, "Invalid");
        JsonNode cause = status.path("details").path("causes").path(0);
        assertThat(cause.path("reason").asText()).isEqualTo("FieldValueInvalid");
        assertThat(cause.path("field").asText()).isEqualTo("metadata.name");
        assertThat(cause.path("message").asText()).contains("lowercase RFC 1123 subdomain");
        assertThat(status.path("details").path("kind").asText()).isEqualTo("ConfigMap");
    }

    @Test
    @Behaviour(PROMISE)
    void aWrongResourceVersionIsAConflict() throws Exception {
        String stale = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"victim\","
                + "\"resourceVersion\":\"1\"}}";
        JsonNode status = refused(send("PUT", MAPS + "/victim", JSON, stale), 409, "Conflict");
        assertThat(status.path("message").asText()).contains("the object has been modified");
        refused(api.get(MAPS + "?resourceVersion=abc"), 400, "BadRequest");
    }

    @Test
    @Behaviour(PROMISE)
    void unknownFieldsAreRefusedUnderStrictAndWarnedOfElse() throws Exception {
        String body =
                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"odd\"},\"colour\":\"red\"}";
        JsonNode status =
                refused(send("POST", MAPS + "?fieldValidation=Strict&dryRun=All", JSON, body), 400, "BadRequest");
        assertThat(status.path("message").asText()).contains("unknown field \"colour\"");
        HttpResponse<byte[]> warned = send("POST", MAPS + "?fieldValidation=Warn&dryRun=All", JSON, body);
        assertThat(warned.statusCode()).isEqualTo(201);
        assertThat(warned.headers().firstValue("Warning"))
                .hasValueSatisfying(warning -> assertThat(warning).contains("unknown field"));
    }

    @Test
    @Behaviour(PROMISE)
    void whatIsNotThereIsNotFound() throws Exception {
        refused(api.get("/api/v1/namespaces/default/unicorns"), 404, "NotFound");
        JsonNode status = refused(api.get(MAPS + "/absent"), 404, "NotFound");
        assertThat(status.path("message").asText()).isEqualTo("configmaps \"absent\" not found");
        refused(send("POST", "/api/v1/namespaces/absent/configmaps", JSON, map("x", "{}")), 404, "NotFound");
        refused(send("POST", MAPS, JSON, map("victim", "{}")), 409, "AlreadyExists");
        refused(send("PUT", "/api/v1/pods", JSON, "{}"), 405, "MethodNotAllowed");
    }

    @Test
    @Behaviour("Without signing in: /cacerts, /ping and /static only")
    void strangersAreUnauthorized() {
        for (String path : new String[] {"/api", "/version", "/healthz", "/apis", MAPS, "/metrics", "/openapi/v2"}) {
            assertThat(curl(path, "%{http_code}")).as(path).endsWith("401");
        }
        assertThat(curl(MAPS, "")).contains("\"reason\":\"Unauthorized\"");
        assertThat(curl("/ping", "%{http_code}")).endsWith("200");
        assertThat(curl("/cacerts", "%{http_code}"))
                .contains("BEGIN CERTIFICATE")
                .endsWith("200");
    }

    private String curl(String path, String format) {
        Execution answer = cluster.node()
                .execute("curl", "-sk", "--max-time", "20", "-w", format, "https://127.0.0.1:6443" + path);
        return answer.succeeded().output();
    }
}
