package dev.kite.apiserver.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.apiserver.harness.Api;
import dev.kite.apiserver.harness.Api.Answer;
import dev.kite.apiserver.storage.ModelCodec;
import dev.kite.behaviour.Behaviour;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Behaviour("Wrong input is answered with Kubernetes' Status")
@Behaviour(
        "Malformed JSON, YAML or patches, deep nesting, 3 MB bodies, bad names, wrong resource versions: a Status as Kubernetes words it")
class BadInputTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static Api api;

    @BeforeAll
    static void start(@TempDir Path folder) {
        api = new Api(folder);
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"metadata\":",
                "[]",
                "null",
                "\"text\"",
                "{\"metadata\":{\"name\":\"a\"}} trailing",
                "{\"metadata\":{\"name\":1}}",
                "{\"metadata\":[]}",
                "{\"data\":{\"a\":1}}",
                "{\"kind\":\"Pod\"}",
                "{\"apiVersion\":\"v2\"}",
                "\u0000\u0001"
            })
    void aBodyThatIsNoSuchObjectIsABadRequest(String body) {
        Answer answer = api.ask("POST", MAPS, "application/json", body.getBytes(StandardCharsets.UTF_8));
        assertThat(answer.code()).isEqualTo(400);
        assertThat(answer.at("/kind")).isEqualTo("Status");
        assertThat(answer.at("/reason")).isEqualTo("BadRequest");
    }

    @Test
    void aWrongTypeIsNamedAsKubernetesNamesIt() {
        assertThat(api.post(MAPS, "{\"metadata\":{\"name\":\"a\"},\"data\":{\"a\":1}}")
                        .at("/message"))
                .isEqualTo(
                        "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: json: cannot unmarshal number into"
                                + " Go struct field ConfigMap.data of type string");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":"})
    void deepNestingIsRefused(String open) {
        String body = "{\"metadata\":{\"name\":\"a\"},\"x\":" + open.repeat(20_000);
        assertThat(api.ask("POST", MAPS, "application/json", body.getBytes(StandardCharsets.UTF_8))
                        .code())
                .isEqualTo(400);
        assertThat(api.ask(
                                "POST",
                                MAPS,
                                "application/yaml",
                                ("x: " + "[".repeat(20_000)).getBytes(StandardCharsets.UTF_8))
                        .code())
                .isEqualTo(400);
    }

    @Test
    void aYamlBombIsNotUnfolded() {
        StringBuilder bomb = new StringBuilder("metadata: {name: a}\nx0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("x").append(i).append(": &a").append(i).append(" [");
            bomb.append("*a".concat(Integer.toString(i - 1)).concat(",").repeat(9))
                    .append("*a")
                    .append(i - 1)
                    .append("]\n");
        }
        Answer answer = api.ask(
                "POST",
                MAPS + "?dryRun=All",
                "application/yaml",
                bomb.toString().getBytes(StandardCharsets.UTF_8));
        assertThat(answer.code()).isIn(201, 400);
    }

    @Test
    void aBodyBeyondThreeMebibytesIsTooLarge() {
        byte[] body = new byte[3 * 1024 * 1024 + 1];
        Answer answer = api.ask("POST", MAPS, "application/json", body);
        assertThat(answer.code()).isEqualTo(413);
        assertThat(answer.at("/reason")).isEqualTo("RequestEntityTooLarge");
    }

    @Test
    void aCompressedBodyIsBoundedByWhatItUnfoldsTo() throws IOException {
        ByteArrayOutputStream small = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(small)) {
            zip.write(new byte[16 * 1024 * 1024]);
        }
        assertThat(api.ask("POST", MAPS, "application/json", small.toByteArray(), "Content-Encoding", "gzip")
                        .code())
                .isEqualTo(413);
        assertThat(api.ask("POST", MAPS, "application/json", new byte[] {1, 2, 3}, "Content-Encoding", "gzip")
                        .code())
                .isEqualTo(400);
    }

    @Test
    void anUnknownFormIsRefusedWithTheKnownOnes() {
        assertThat(api.ask("POST", MAPS, "text/html", new byte[] {1})
                        .expect(415)
                        .at("/reason"))
                .isEqualTo("UnsupportedMediaType");
        assertThat(api.get(MAPS, "Accept", "text/html").expect(406).at("/message"))
                .isEqualTo("only the following media types are accepted: application/json, application/yaml,"
                        + " application/vnd.kubernetes.protobuf");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "k8s", "k8s\u0000", "k8s\u0000\u0012\u00ff\u00ff\u00ff\u00ff\u000f"})
    void hostileProtobufIsABadRequest(String body) {
        byte[] bytes = body.isEmpty() ? new byte[] {0} : body.getBytes(StandardCharsets.ISO_8859_1);
        assertThat(api.ask("POST", MAPS, MediaType.PROTOBUF, bytes).code()).isEqualTo(400);
    }

    @Test
    void protobufGoesBothWays() {
        ModelCodec codec = new ModelCodec();
        byte[] created = api.ask(
                        "POST",
                        MAPS,
                        MediaType.PROTOBUF,
                        codec.encode(api.post(
                                        MAPS + "?dryRun=All",
                                        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"proto\"},\"data\":{\"a\":\"b\"}}")
                                .expect(201)
                                .object()),
                        "Accept",
                        MediaType.PROTOBUF)
                .expect(201)
                .body();
        assertThat(codec.decode(created).at("/data/a").asText()).isEqualTo("b");
        byte[] list = api.get(MAPS, "Accept", MediaType.PROTOBUF).expect(200).body();
        assertThat(codec.decode(list).at("/items")).isNotEmpty();
        byte[] missing = api.get(MAPS + "/none", "Accept", MediaType.PROTOBUF)
                .expect(404)
                .body();
        assertThat(codec.decode(missing).at("/reason").asText()).isEqualTo("NotFound");
    }

    @Test
    void unknownFieldsAreRefusedWarnedOfOrIgnored() {
        String body = "{\"metadata\":{\"name\":\"fields\"},\"nope\":1}";
        Answer strict = api.post(MAPS + "?fieldValidation=Strict", body).expect(400);
        assertThat(strict.at("/message"))
                .isEqualTo(
                        "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: unknown field"
                                + " \"nope\"");
        assertThat(api.post(MAPS + "?dryRun=All", body).expect(201).warnings())
                .containsExactly("299 - \"unknown field \\\"nope\\\"\"");
        assertThat(api.post(MAPS + "?dryRun=All&fieldValidation=Ignore", body)
                        .expect(201)
                        .warnings())
                .isEmpty();
        api.post(MAPS + "?fieldValidation=Perhaps", body).expect(422);
        String twice = "{\"metadata\":{\"name\":\"fields\"},\"data\":{\"a\":\"1\",\"a\":\"2\"}}";
        assertThat(api.post(MAPS + "?fieldValidation=Strict", twice).expect(400).at("/message"))
                .contains("duplicate field \"data.a\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?labelSelector=%21%21",
                "?labelSelector=a%20in%20b",
                "?fieldSelector=spec.nope%3Da",
                "?fieldSelector=metadata.name",
                "?limit=many",
                "?resourceVersion=abc",
                "?resourceVersion=-1",
                "?continue=abc",
                "?continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiIuLi9zZWNyZXRzIn0"
            })
    void nonsenseInAQueryIsABadRequest(String query) {
        assertThat(api.get(MAPS + query).code()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?resourceVersionMatch=Exact",
                "?resourceVersionMatch=Exact&resourceVersion=0",
                "?resourceVersionMatch=Maybe&resourceVersion=1",
                "?sendInitialEvents=true"
            })
    void contradictoryListOptionsAreInvalid(String query) {
        assertThat(api.get(MAPS + query).expect(422).at("/reason")).isEqualTo("Invalid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UPPER", "-a", "a_b", "a..b", "a/b", "ä", "a b"})
    void namesThatBreakTheRulesAreInvalid(String name) {
        Answer answer =
                api.post(MAPS, "{\"metadata\":{\"name\":\"" + name + "\"}}").expect(422);
        assertThat(answer.at("/details/causes/0/field")).isEqualTo("metadata.name");
        assertThat(answer.at("/message"))
                .startsWith("ConfigMap \"" + name + "\" is invalid: metadata.name: Invalid value: ");
    }

    @Test
    void aRevisionFromTheFutureIsATimeoutThatSaysSo() {
        Answer answer = api.get(MAPS + "?resourceVersion=999999").expect(504);
        assertThat(answer.at("/details/causes/0/reason")).isEqualTo("ResourceVersionTooLarge");
        assertThat(answer.at("/details/retryAfterSeconds")).isEqualTo("1");
    }

    @Test
    void verbsThatAKindLacksAreNotAllowed() {
        assertThat(api.get("/apis/authentication.k8s.io/v1/tokenreviews")
                        .expect(405)
                        .at("/reason"))
                .isEqualTo("MethodNotAllowed");
        api.ask("PUT", MAPS, "application/json", new byte[] {'{', '}'}).expect(405);
    }
}
