package dev.kite.apiserver.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class MergedV2Test {
    private static ObjectNode yaml(String text) {
        try {
            return (ObjectNode) new YAMLMapper().readTree(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static OtherSpec spec(String document) {
        ObjectNode read = yaml(document);
        return OtherSpec.of(
                "v1.g.io", "/apis/g.io/v1", document.getBytes(java.nio.charset.StandardCharsets.UTF_8), read);
    }

    private static ObjectNode own() {
        return yaml("""
                paths: {/api/v1/pods: {get: {schema: {$ref: '#/definitions/Pod'}}}}
                definitions: {Pod: {type: object}, Meta: {type: object}, Mine: {type: string}}
                """);
    }

    @Test
    void itsOwnPathsComeWithTheDefinitionsThatTheyNeed() {
        ObjectNode merged = MergedV2.merge(own(), List.of(spec("""
                                paths:
                                  /apis/g.io/v1/things: {get: {schema: {$ref: '#/definitions/Thing'}}}
                                  /apis/other.io/v1/things: {get: {}}
                                  /api/v1/pods: {get: {evil: true}}
                                  /apis/g.io/v10/things: {get: {}}
                                definitions:
                                  Thing: {properties: {a: {$ref: '#/definitions/Inner'}, m: {$ref: '#/definitions/Meta'}}}
                                  Inner: {properties: {again: {$ref: '#/definitions/Thing'}}}
                                  Meta: {type: object}
                                  Unused: {type: object}
                                """)));
        assertThat(merged.path("paths").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("/api/v1/pods", "/apis/g.io/v1/things");
        assertThat(merged.at("/paths").path("/api/v1/pods").path("get").has("evil"))
                .isFalse();
        assertThat(merged.path("definitions").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("Pod", "Meta", "Mine", "Thing", "Inner");
    }

    @Test
    void aNameThatMeansSomethingElseHereGetsAnother() {
        ObjectNode merged = MergedV2.merge(own(), List.of(spec("""
                                paths: {/apis/g.io/v1/things: {get: {schema: {$ref: '#/definitions/Mine'}}}}
                                definitions: {Mine: {type: number}}
                                """)));
        assertThat(merged.at("/definitions/Mine/type").asText()).isEqualTo("string");
        assertThat(merged.at("/definitions/Mine_v2/type").asText()).isEqualTo("number");
        assertThat(merged.path("paths")
                        .path("/apis/g.io/v1/things")
                        .at("/get/schema/$ref")
                        .asText())
                .isEqualTo("#/definitions/Mine_v2");
    }

    @Test
    void nonsenseChangesNothing() throws IOException {
        for (String nonsense : List.of(
                "{}",
                "{paths: 7}",
                "{paths: {/apis/g.io/v1: 'x'}, definitions: []}",
                "{paths: {/apis/g.io/v1/t: {$ref: '#/definitions/None'}}}",
                "{paths: {/apis/g.io/v1/t: {$ref: '#/definitions/'}}}",
                "{paths: {/apis/g.io/v1/t: {$ref: 7}}}")) {
            ObjectNode merged = MergedV2.merge(own(), List.of(spec(nonsense)));
            merged.withObject("/paths").retain("/api/v1/pods");
            assertThat(new ObjectMapper().readTree(merged.toString()))
                    .as(nonsense)
                    .isEqualTo(own());
        }
    }
}
