package dev.kite.model.protobuf;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.model.Reference;
import dev.kite.model.Struct;
import dev.kite.model.json.JsonCodec;
import dev.kite.model.json.JsonTrees;
import dev.kite.model.schema.Schema;
import dev.kite.model.schema.StructDescriptor;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExamplesProtobufTest {
    static List<String> kinds() {
        return Reference.examples(_ -> true);
    }

    static List<String> classes() {
        return Reference.examples(StructDescriptor::hasJavaType);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyKindConvertsBothWaysByteForByte(String name) {
        ObjectNode json = JsonTrees.readObject(Reference.example(name, "json"));
        StructDescriptor type = requireNonNull(Schema.builtIn()
                .kindOf(json.path("apiVersion").asText(), json.path("kind").asText()));
        byte[] protobuf = Reference.example(name, "pb");

        assertThat(hex(ProtobufCodec.encodeTree(json, type))).isEqualTo(hex(protobuf));
        assertThat(ProtobufCodec.decodeTree(protobuf, type).toPrettyString()).isEqualTo(json.toPrettyString());
    }

    @ParameterizedTest
    @MethodSource("classes")
    void everyClassConvertsBothWaysByteForByte(String name) {
        byte[] json = Reference.example(name, "json");
        ObjectNode tree = JsonTrees.readObject(json);
        StructDescriptor type = requireNonNull(Schema.builtIn()
                .kindOf(tree.path("apiVersion").asText(), tree.path("kind").asText()));
        byte[] protobuf = Reference.example(name, "pb");

        Struct value = JsonCodec.decode(json, type);
        assertThat(hex(ProtobufCodec.encode(value))).isEqualTo(hex(protobuf));
        assertThat((Object) ProtobufCodec.decode(protobuf, type.javaType())).isEqualTo(value);
    }

    /** What Go reads as a pointer must not come back as a pointer to nothing. */
    @Test
    void schemasWithoutDefaultOrExampleDecodeWithoutThem() {
        StructDescriptor type = Schema.builtIn()
                .require("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition");
        ObjectNode json = JsonTrees.readObject("""
                {"kind":"CustomResourceDefinition","apiVersion":"apiextensions.k8s.io/v1","spec":{"versions":[
                {"name":"v1","schema":{"openAPIV3Schema":{"type":"object"}}}]}}""".getBytes(StandardCharsets.UTF_8));
        String typeWithoutDefault =
                "2a066f626a656374" + "3200" + "3a00" + "5000"; // type, format, title, exclusiveMaximum
        assertThat(hex(ProtobufCodec.encodeTree(json, type)))
                .contains(typeWithoutDefault)
                .doesNotContain("a20200");
    }

    @Test
    void watchEventsConvertToo() {
        StructDescriptor type = Schema.builtIn().require("io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent");
        ObjectNode json = JsonTrees.readObject(Reference.example("core.v1.WatchEvent", "json"));
        byte[] protobuf = Reference.example("core.v1.WatchEvent", "pb");
        assertThat(hex(ProtobufCodec.encodeTree(json, type))).isEqualTo(hex(protobuf));
        assertThat((Object) ProtobufCodec.decodeTree(protobuf, type)).isEqualTo(json);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
