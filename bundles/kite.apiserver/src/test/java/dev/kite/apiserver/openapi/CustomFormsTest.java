package dev.kite.apiserver.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.harness.Api;
import dev.kite.apiserver.tree.Reference;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How custom kinds are published: what upstream's tests of published CRDs look for. */
class CustomFormsTest {
    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String NAME = "com.example.v1.Thing";

    private Api api;

    @BeforeEach
    void start(@TempDir Path folder) {
        api = new Api(folder);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private void define(String schema) {
        api.post(DEFINITIONS, """
            metadata: {name: things.example.com}
            spec:
              group: example.com
              scope: Namespaced
              names: {plural: things, kind: Thing}
              versions:
              - name: v1
                served: true
                storage: true
                selectableFields: [{jsonPath: .spec.color}]
                schema: {openAPIV3Schema: SCHEMA}
            """.replace("SCHEMA", schema)).expect(201);
    }

    private ObjectNode v2() {
        ObjectNode definition = (ObjectNode)
                api.get("/openapi/v2", "Accept", "application/json").json().at("/definitions/" + NAME);
        assertThat(definition
                        .path("x-kubernetes-group-version-kind")
                        .path(0)
                        .path("kind")
                        .asText())
                .isEqualTo("Thing");
        if (definition.get("properties") instanceof ObjectNode properties) {
            properties.remove(List.of("apiVersion", "kind", "metadata"));
        }
        return definition.remove(List.of("x-kubernetes-group-version-kind", "x-kubernetes-selectable-fields"));
    }

    private JsonNode v3() {
        return api.get("/openapi/v3/apis/example.com/v1").json().at("/components/schemas/" + NAME);
    }

    @Test
    void aKindThatKeepsAllIsPublishedAsAnyObject() {
        define(
                "{type: object, x-kubernetes-preserve-unknown-fields: true, properties: {spec: {type: object, properties: {color: {type: string}}}}}");
        assertThat(v2().toString()).isEqualTo("{\"type\":\"object\"}");
        assertThat(v3().at("/properties/apiVersion/description").asText()).startsWith("APIVersion defines");
    }

    @Test
    void whatVersionTwoCannotSayIsLeftOut() {
        define(
                "{type: object, description: d, properties: {spec: {type: object, required: [maybe, color], properties: {"
                        + "color: {type: string, anyOf: [{pattern: a}]}, maybe: {type: string, nullable: true},"
                        + "free: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {a: {type: string}}},"
                        + "port: {x-kubernetes-int-or-string: true}}}}}");
        assertThat(v2())
                .isEqualTo(Reference.object(
                        "{'description':'d','type':'object','properties':{'spec':{'type':'object','required':['color'],"
                                + "'properties':{'color':{'type':'string'},'maybe':{},'free':{'x-kubernetes-preserve-unknown-fields':true},"
                                + "'port':{'x-kubernetes-int-or-string':true}}}}}"));
        assertThat(v3().at("/properties/spec/properties/port/anyOf")).hasSize(2);
        assertThat(v3().at("/x-kubernetes-selectable-fields/0/fieldPath").asText())
                .isEqualTo("spec.color");
    }

    @Test
    void embeddedObjectsHaveWhatAllObjectsHave() {
        define(
                "{type: object, properties: {spec: {type: object, properties: {color: {type: string}, "
                        + "template: {type: object, x-kubernetes-embedded-resource: true, properties: {spec: {type: object}}}}}}}");
        JsonNode template = v3().at("/properties/spec/properties/template");
        assertThat(template.at("/properties/metadata/allOf/0/$ref").asText()).endsWith("ObjectMeta");
        assertThat(template.path("required").toString()).isEqualTo("[\"kind\",\"apiVersion\"]");
    }
}
