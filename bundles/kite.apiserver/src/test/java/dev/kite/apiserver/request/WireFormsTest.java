package dev.kite.apiserver.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.harness.Api;
import dev.kite.apiserver.request.Accepted.As;
import dev.kite.apiserver.request.Accepted.Encoding;
import dev.kite.apiserver.request.Accepted.Offer;
import dev.kite.http.InProcessResponse;
import dev.kite.model.protobuf.ProtobufCodec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms in which answers can be had, by Accept and Accept-Encoding. */
class WireFormsTest {
    private static final String MAPS = "/api/v1/namespaces/kube-public/configmaps";
    private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";

    private Api api;

    @BeforeEach
    void start(@TempDir Path folder) {
        api = new Api(folder);
        api.post(MAPS, "metadata: {name: one, labels: {a: b}}\ndata: {k: v}").expect(201);
        api.post(MAPS, "metadata: {name: two}").expect(201);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json|JSON|OBJECT",
                "*/*|JSON|OBJECT",
                "application/*|JSON|OBJECT",
                "text/html, */*;q=0.1|JSON|OBJECT",
                "application/yaml|YAML|OBJECT",
                "application/vnd.kubernetes.protobuf|PROTOBUF|OBJECT",
                "application/json;q=0.5, application/vnd.kubernetes.protobuf|PROTOBUF|OBJECT",
                "*/*, application/yaml|YAML|OBJECT",
                "application/cbor, application/json|JSON|OBJECT",
                "application/json;as=Table;v=v1;g=meta.k8s.io,application/json|JSON|TABLE",
                "application/json;as=Table;v=v1beta1;g=meta.k8s.io|JSON|TABLE",
                "application/yaml;as=Table;v=v1;g=meta.k8s.io|YAML|TABLE",
                "application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io,application/json|JSON|OBJECT",
                "*/*;as=Table;v=v1;g=meta.k8s.io|JSON|TABLE",
                "application/json;as=Table;v=v2;g=meta.k8s.io,application/json|JSON|OBJECT",
                "application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;v=v1;g=meta.k8s.io|PROTOBUF|METADATA",
                "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io|JSON|METADATA_LIST",
                "application/json;stream=watch|JSON|OBJECT",
                "application/json;stream=other,application/yaml|YAML|OBJECT",
                "application/yaml;stream=watch,application/json|JSON|OBJECT",
                "application/json;v=v1,application/yaml|YAML|OBJECT"
            })
    void aFormIsAgreedOn(String accept, Encoding encoding, As as) {
        Accepted accepted = Accepted.negotiate(accept, false, Offer.BUILT_IN);
        assertThat(accepted.encoding()).isEqualTo(encoding);
        assertThat(accepted.as()).isEqualTo(as);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/cbor",
                "text/html",
                "text/*",
                "application/x-yaml",
                "application/json;as=Table;v=v1;g=other",
                "application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io",
                "application/json;as=Something;v=v1;g=meta.k8s.io",
                "application/json;sv=v1",
                ";;,,=",
                "a/b;q=",
                "*"
            })
    void whatCannotBeHadIsRefusedInAWay(String accept) {
        if (accept.equals("*")) {
            assertThat(Accepted.negotiate(accept, false, Offer.BUILT_IN).encoding())
                    .isEqualTo(Encoding.JSON);
            return;
        }
        assertThatThrownBy(() -> Accepted.negotiate(accept, false, Offer.BUILT_IN))
                .isInstanceOfSatisfying(
                        StatusException.class, e -> assertThat(e.code()).isEqualTo(406));
        JsonNode status = api.get(MAPS, "Accept", accept).expect(406).json();
        assertThat(status.at("/reason").asText()).isEqualTo("NotAcceptable");
        assertThat(status.at("/message").asText())
                .isEqualTo(
                        "only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf");
    }

    @Test
    void listsAndObjectsAreHadAsProtobuf() {
        ObjectNode json = api.get(MAPS).expect(200).object();
        byte[] bytes = api.get(MAPS, "Accept", PROTOBUF).expect(200).body();
        ObjectNode list = ProtobufCodec.decodeTree(bytes);
        assertThat(list.at("/kind").asText()).isEqualTo("ConfigMapList");
        assertThat(list.at("/items")).hasSize(2);
        assertThat(list.at("/items/0/data/k").asText()).isEqualTo("v");
        assertThat(list.at("/metadata")).isEqualTo(json.at("/metadata"));
        assertThat(list.at("/items/0/metadata/resourceVersion"))
                .isEqualTo(json.at("/items/0/metadata/resourceVersion"));
        assertThat(ProtobufCodec.encodeTree(
                        list, dev.kite.model.schema.Schema.builtIn().kindOf("v1", "ConfigMapList")))
                .as("a list written item by item is the list written whole")
                .isEqualTo(bytes);
        ObjectNode one = ProtobufCodec.decodeTree(
                api.get(MAPS + "/one", "Accept", PROTOBUF).expect(200).body());
        assertThat(one.at("/data/k").asText()).isEqualTo("v");
    }

    @Test
    void metadataAloneIsHadAsProtobufToo() {
        String accept = PROTOBUF + ";as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
        ObjectNode list = ProtobufCodec.decodeTree(
                api.get(MAPS, "Accept", accept).expect(200).body());
        assertThat(list.at("/kind").asText()).isEqualTo("PartialObjectMetadataList");
        assertThat(list.at("/items/0/metadata/labels/a").asText()).isEqualTo("b");
        ObjectNode one = ProtobufCodec.decodeTree(
                api.get(MAPS + "/one", "Accept", PROTOBUF + ";as=PartialObjectMetadata;v=v1;g=meta.k8s.io")
                        .expect(200)
                        .body());
        assertThat(one.at("/metadata/name").asText()).isEqualTo("one");
    }

    @Test
    void metadataOfAListAndOfAnObjectAreNotConfused() {
        String one = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
        String many = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
        api.get(MAPS, "Accept", one).expect(406);
        api.get(MAPS + "/one", "Accept", many).expect(406);
        api.get(MAPS, "Accept", many).expect(200);
        api.get(MAPS + "/one", "Accept", one).expect(200);
    }

    @Test
    void everyFormOfAListHoldsTheSame() throws IOException {
        JsonNode plain = api.get(MAPS).expect(200).json();
        assertThat(api.get(MAPS + "?pretty=1").expect(200).json()).isEqualTo(plain);
        assertThat(api.get(MAPS + "?pretty=1").text()).contains("\n  \"");
        assertThat(api.get(MAPS, "Accept", "application/json;pretty=1").text()).contains("\n  \"");
        assertThat(new com.fasterxml.jackson.dataformat.yaml.YAMLMapper()
                        .readTree(api.get(MAPS, "Accept", "application/yaml")
                                .expect(200)
                                .body()))
                .isEqualTo(plain);
        JsonNode table = api.get(MAPS + "?limit=1", "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
                .expect(200)
                .json();
        assertThat(table.at("/rows")).hasSize(1);
        assertThat(table.at("/metadata/continue").asText()).isNotEmpty();
        assertThat(table.at("/columnDefinitions/0/name").asText()).isEqualTo("Name");
    }

    @Test
    void refusalsComeInTheFormThatIsAccepted() {
        ObjectNode status = ProtobufCodec.decodeTree(api.get(MAPS + "/none", "Accept", PROTOBUF + ",application/json")
                .expect(404)
                .body());
        assertThat(status.at("/reason").asText()).isEqualTo("NotFound");
        assertThat(api.get(MAPS + "/none", "Accept", "application/yaml")
                        .expect(404)
                        .text())
                .contains("reason: NotFound");
        assertThat(api.get(MAPS + "/none", "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json")
                        .expect(404)
                        .at("/kind"))
                .isEqualTo("Status");
        assertThat(api.get(MAPS + "/none", "Accept", "text/html").expect(404).at("/kind"))
                .isEqualTo("Status");
    }

    @Test
    void bodiesOfOtherFormsAreRefused() {
        for (String type : new String[] {"application/cbor", "text/plain", "application/x-yaml", ";", "json"}) {
            Api.Answer refused = api.ask("POST", MAPS, type, "{}".getBytes(StandardCharsets.UTF_8))
                    .expect(415);
            assertThat(refused.at("/reason")).isEqualTo("UnsupportedMediaType");
            assertThat(refused.at("/message"))
                    .isEqualTo(
                            "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf");
        }
    }

    @Test
    void largeAnswersAreCompressedForThoseWhoTakeIt() throws IOException {
        String text = "0123456789abcdef".repeat(8 * 1024);
        api.post(MAPS, "metadata: {name: large}\ndata: {text: " + text + "}").expect(201);
        for (String path : new String[] {MAPS, MAPS + "/large"}) {
            JsonNode plain = api.get(path).expect(200).json();
            for (String accept : new String[] {"application/json", "application/json;pretty=1"}) {
                try (InProcessResponse response =
                        api.open("GET", path, "", new byte[0], "Accept-Encoding", "deflate, gzip", "Accept", accept)) {
                    assertThat(response.headers().first("Content-Encoding")).isEqualTo("gzip");
                    assertThat(response.headers().all("Vary")).contains("Accept-Encoding");
                    byte[] body = response.bytes();
                    assertThat(body.length).isLessThan(64 * 1024);
                    assertThat(Trees.read(new GZIPInputStream(new ByteArrayInputStream(body))))
                            .isEqualTo(plain);
                }
            }
        }
        for (String[] headers :
                new String[][] {{"Accept-Encoding", "gzip"}, {"Accept-Encoding", "br"}, {"Accept", "*/*"}}) {
            String path = headers[1].equals("gzip") ? MAPS + "/one" : MAPS;
            try (InProcessResponse response = api.open("GET", path, "", new byte[0], headers)) {
                assertThat(response.headers().first("Content-Encoding")).isNull();
                assertThat(response.bytes()).isNotEmpty();
            }
        }
    }

    private static final class Trees {
        static JsonNode read(java.io.InputStream in) throws IOException {
            return new com.fasterxml.jackson.databind.ObjectMapper().readTree(in);
        }
    }
}
