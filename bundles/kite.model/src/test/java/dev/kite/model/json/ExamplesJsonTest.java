package dev.kite.model.json;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.model.Reference;
import dev.kite.model.Struct;
import dev.kite.model.schema.Schema;
import dev.kite.model.schema.StructDescriptor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExamplesJsonTest {
    static List<String> examples() {
        return Reference.examples(StructDescriptor::hasJavaType);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyKindKeepsAllOfItsFieldsInKubernetesOrder(String name) {
        byte[] json = Reference.example(name, "json");
        ObjectNode expected = JsonTrees.readObject(json);
        StructDescriptor type = requireNonNull(Schema.builtIn()
                .kindOf(
                        expected.path("apiVersion").asText(),
                        expected.path("kind").asText()));
        List<String> unknown = new ArrayList<>();
        Struct value = JsonCodec.decode(json, type.javaType(), new DecodeProblems() {
            @Override
            public void unknownField(String path) {
                unknown.add(path);
            }

            @Override
            public void duplicateField(String path) {
                unknown.add("twice: " + path);
            }
        });
        assertThat(unknown).isEmpty();
        assertThat(new String(JsonCodec.encode(value), StandardCharsets.UTF_8))
                .isEqualTo(new String(JsonTrees.write(expected), StandardCharsets.UTF_8));
        assertThat(JsonCodec.decode(JsonCodec.encode(value), type))
                .isEqualTo(value)
                .hasSameHashCodeAs(value);
    }
}
