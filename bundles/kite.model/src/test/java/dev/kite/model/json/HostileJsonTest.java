package dev.kite.model.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.model.apiextensions.v1.CustomResourceDefinition;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.Secret;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostileJsonTest {
    private static byte[] json(String text) {
        return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'spec':{'containers':[{'name':7}]}}   | spec.containers[0].name: expected a string, found a number",
                "{'spec':{'containers':{}}}             | spec.containers: expected an array, found an object",
                "{'spec':[]}                            | spec: expected an object, found an array",
                "{'spec':{'priority':'1'}}              | spec.priority: expected a number, found a string",
                "{'spec':{'priority':1.5}}              | spec.priority: expected a whole number, found a number",
                "{'spec':{'hostNetwork':1}}             | spec.hostNetwork: expected a boolean, found a number",
                "{'metadata':{'labels':{'a':1}}}        | metadata.labels.a: expected a string, found a number",
                "[]                                     | expected an object, found an array",
                "{} {}                                  | more than one JSON value"
            })
    void saysWhereTheTypeIsWrong(String text, String message) {
        assertThatThrownBy(() -> JsonCodec.decode(json(text), Pod.TYPE))
                .isInstanceOf(JsonCodecException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{",
                "{'spec':",
                "nul",
                "{'spec':{'priority':99999999999}}",
                "{'metadata':{'creationTimestamp':'yesterday'}}",
                "{'metadata':{'generation':1e400}}",
                "{'spec':{'containers':[{'resources':{'limits':{'cpu':'many'}}}]}}",
                "`"
            })
    void refusesWhatIsNoPod(String text) {
        assertThatThrownBy(() -> JsonCodec.decode(json(String.valueOf(text)), Pod.TYPE))
                .isInstanceOf(JsonCodecException.class);
    }

    @Test
    void refusesBase64ThatIsNone() {
        assertThatThrownBy(() -> JsonCodec.decode(json("{'data':{'a':'*'}}"), Secret.TYPE))
                .hasMessage("data.a: illegal base64 data");
    }

    @Test
    void tellsUnknownAndDuplicateFields() {
        List<String> heard = new ArrayList<>();
        DecodeProblems problems = new DecodeProblems() {
            @Override
            public void unknownField(String path) {
                heard.add("unknown " + path);
            }

            @Override
            public void duplicateField(String path) {
                heard.add("duplicate " + path);
            }
        };
        Pod pod = JsonCodec.decode(
                json(
                        "{'spec':{'nodeName':'a','nodeName':'b','containers':[{'nme':{'x':[1]}}]},'metadata':{'labels':{'l':'1','l':'2'}}}"),
                Pod.TYPE,
                problems);
        assertThat(heard)
                .containsExactly(
                        "duplicate spec.nodeName", "unknown spec.containers[0].nme", "duplicate metadata.labels.l");
        assertThat(pod.spec().nodeName()).isEqualTo("b");
    }

    @Test
    void nestingIsBoundedInTypesRawValuesAndTrees() {
        String deep = "{'spec':{'versions':[{'schema':{'openAPIV3Schema':" + "{'items':".repeat(5000) + "{}";
        assertThatThrownBy(() -> JsonCodec.decode(json(deep), CustomResourceDefinition.TYPE))
                .isInstanceOf(JsonCodecException.class);
        String nots = "{'spec':{'versions':[{'schema':{'openAPIV3Schema':" + "{'not':".repeat(5000) + "{}";
        assertThatThrownBy(() -> JsonCodec.decode(json(nots), CustomResourceDefinition.TYPE))
                .isInstanceOf(JsonCodecException.class);
        assertThatThrownBy(() -> JsonTrees.read(json("[".repeat(100_000)))).isInstanceOf(JsonCodecException.class);
    }

    @Property
    void anyTextIsReadOrRefused(@ForAll String text) {
        try {
            JsonCodec.decode(text.getBytes(StandardCharsets.UTF_8), Pod.TYPE);
        } catch (JsonCodecException e) {
            assertThat(e.getMessage()).isNotNull();
        }
    }
}
