package dev.kite.apiserver.validation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.defaults.Creation;
import dev.kite.apiserver.defaults.Defaults;
import dev.kite.apiserver.tree.Reference;
import dev.kite.apiserver.tree.Tree;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Objects with faults, a line each in pods.jsonl and objects.jsonl, with what kube-apiserver 1.36.2 says of them. */
class AnswersTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Stream<JsonNode> pods() throws IOException {
        return lines("pods.jsonl");
    }

    static Stream<JsonNode> objects() throws IOException {
        return lines("objects.jsonl");
    }

    private static Stream<JsonNode> lines(String resource) throws IOException {
        try (InputStream in = AnswersTest.class.getResourceAsStream(resource);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines().map(AnswersTest::parse).toList().stream();
        }
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new IllegalArgumentException(line, e);
        }
    }

    @ParameterizedTest
    @MethodSource("pods")
    void everyFaultOfAPodIsToldAsKubernetesTellsIt(JsonNode one) {
        ObjectNode pod = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "Pod");
        pod.putObject("metadata").put("name", "shop").put("namespace", "t").put("uid", "u");
        // Admission names the account of a pod that names none.
        ((ObjectNode) pod.set("spec", one.get("spec").deepCopy()).get("spec")).put("serviceAccountName", "default");
        Defaults.apply("", "v1", "Pod", pod);
        Creation.prepare("", "Pod", pod);

        List<String> told = Validation.create("", "Pod", true, pod).stream()
                .map(FieldError::message)
                .toList();

        assertThat(told).containsExactlyInAnyOrderElementsOf(Tree.texts(one, "says"));
    }

    @ParameterizedTest
    @MethodSource("objects")
    void everyFaultOfAnObjectIsToldAsKubernetesTellsIt(JsonNode one) {
        ObjectNode object = one.get("object").deepCopy();
        boolean namespaced = one.get("namespaced").booleanValue();
        ObjectNode metadata = (ObjectNode) object.get("metadata");
        metadata.put("uid", "u");
        if (namespaced) {
            metadata.put("namespace", "t");
        }
        String group = Reference.group(object);
        String kind = object.path("kind").asText();
        Defaults.apply(group, Reference.version(object), kind, object);
        Creation.prepare(group, kind, object);

        List<String> told = Validation.create(group, kind, namespaced, object).stream()
                .map(FieldError::message)
                .toList();

        assertThat(told).containsExactlyInAnyOrderElementsOf(Tree.texts(one, "says"));
    }
}
