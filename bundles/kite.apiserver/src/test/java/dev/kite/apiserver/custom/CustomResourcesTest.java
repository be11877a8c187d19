package dev.kite.apiserver.custom;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.harness.Api;
import dev.kite.apiserver.harness.Api.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CustomResourcesTest {
    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String THINGS = "/apis/example.com/v1/namespaces/default/things";
    private static final String DEFINITION = """
            metadata: {name: things.example.com}
            spec:
              group: example.com
              scope: Namespaced
              names: {plural: things, kind: Thing, shortNames: [th]}
              versions:
              - name: v1
                served: true
                storage: true
                subresources: {status: {}, scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}}
                additionalPrinterColumns: [{name: Size, type: integer, jsonPath: .spec.size}]
                selectableFields: [{jsonPath: .spec.color}]
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec:
                        type: object
                        required: [size]
                        properties:
                          size: {type: integer, minimum: 1}
                          replicas: {type: integer}
                          color: {type: string, default: red, enum: [red, blue]}
                          free: {type: object, x-kubernetes-preserve-unknown-fields: true}
                      status: {type: object, properties: {replicas: {type: integer}}}
              - name: v2
                served: true
                storage: false
                schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            """;

    private Api api;

    @BeforeEach
    void start(@TempDir Path folder) {
        api = new Api(folder);
        api.post(DEFINITIONS, DEFINITION).expect(201);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private Answer thing(String name, String spec) {
        return api.post(THINGS, "metadata: {name: " + name + "}\nspec: " + spec);
    }

    @Test
    void whoMadeADefinitionFindsItServed() {
        JsonNode definition = api.get(DEFINITIONS + "/things.example.com").json();
        assertThat(definition.at("/status/conditions/1/type").asText()).isEqualTo("Established");
        assertThat(definition.at("/status/storedVersions/0").asText()).isEqualTo("v1");
        assertThat(api.get("/apis/example.com/v1").expect(200).at("/resources/0/name"))
                .isEqualTo("things");
        assertThat(api.get(THINGS).expect(200).at("/kind")).isEqualTo("ThingList");
    }

    @Test
    void objectsArePrunedDefaultedAndValidatedByTheirSchema() {
        JsonNode object = thing("one", "{size: 3, nope: 1, free: {any: thing}}")
                .expect(201)
                .json();
        assertThat(object.at("/spec").toString())
                .isEqualTo("{\"size\":3,\"free\":{\"any\":\"thing\"},\"color\":\"red\"}");
        assertThat(thing("two", "{size: 0}").expect(422).at("/details/causes/0/field"))
                .isEqualTo("spec.size");
        assertThat(thing("two", "{}").expect(422).at("/message"))
                .isEqualTo("Thing.example.com \"two\" is invalid: spec.size: Required value");
        assertThat(thing("two", "{size: 1, color: green}").expect(422).at("/message"))
                .endsWith("spec.color: Unsupported value: \"green\": supported values: \"red\", \"blue\"");
        assertThat(thing("two", "{size: big}").code()).isEqualTo(422);
    }

    @Test
    void defaultsThatCameLaterAreReadWithOldObjects() {
        thing("one", "{size: 1}").expect(201);
        ObjectNode definition = api.get(DEFINITIONS + "/things.example.com").object();
        definition
                .withObject("/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/late")
                .put("type", "string")
                .put("default", "here");
        api.put(DEFINITIONS + "/things.example.com", definition).expect(200);
        assertThat(api.get(THINGS + "/one").at("/spec/late")).isEqualTo("here");
        assertThat(api.get(THINGS).at("/items/0/spec/late")).isEqualTo("here");
    }

    @Test
    void statusAndScaleAreApart() {
        ObjectNode object = thing("one", "{size: 1, replicas: 2}").expect(201).object();
        object.withObject("/status").put("replicas", 2);
        object.withObject("/spec").put("size", 9);
        JsonNode written = api.put(THINGS + "/one/status", object).expect(200).json();
        assertThat(written.at("/spec/size").asInt()).isEqualTo(1);
        assertThat(written.at("/metadata/generation").asInt()).isEqualTo(1);
        JsonNode scale = api.get(THINGS + "/one/scale").expect(200).json();
        assertThat(scale.at("/spec/replicas").asInt()).isEqualTo(2);
        assertThat(scale.at("/status/replicas").asInt()).isEqualTo(2);
        api.patch(THINGS + "/one/scale", "application/merge-patch+json", "{\"spec\":{\"replicas\":7}}")
                .expect(200);
        JsonNode scaled = api.get(THINGS + "/one").json();
        assertThat(scaled.at("/spec/replicas").asInt()).isEqualTo(7);
        assertThat(scaled.at("/metadata/generation").asInt()).isEqualTo(2);
    }

    @Test
    void versionsDifferByNameOnly() {
        thing("one", "{size: 1}").expect(201);
        String other = "/apis/example.com/v2/namespaces/default/things";
        assertThat(api.get(other + "/one").expect(200).at("/apiVersion")).isEqualTo("example.com/v2");
        assertThat(api.get(other).expect(200).at("/items/0/apiVersion")).isEqualTo("example.com/v2");
        api.post(other, "metadata: {name: two}\nspec: {size: 5}").expect(201);
        assertThat(api.get(THINGS + "/two").expect(200).at("/apiVersion")).isEqualTo("example.com/v1");
    }

    @Test
    void fieldsThatTheDefinitionNamesSelect() {
        thing("one", "{size: 1, color: blue}").expect(201);
        thing("two", "{size: 1}").expect(201);
        assertThat(api.get(THINGS + "?fieldSelector=spec.color%3Dblue").json().at("/items"))
                .hasSize(1);
        api.get(THINGS + "?fieldSelector=spec.size%3D1").expect(400);
    }

    @Test
    void strategicPatchesAreForBuiltInKinds() {
        thing("one", "{size: 1}").expect(201);
        api.patch(THINGS + "/one", "application/strategic-merge-patch+json", "{}")
                .expect(415);
        api.patch(THINGS + "/one", "application/merge-patch+json", "{\"spec\":{\"size\":2}}")
                .expect(200);
    }

    @Test
    void aPutMustNameItsRevision() {
        ObjectNode object = thing("one", "{size: 1}").expect(201).object();
        object.withObject("/metadata").remove("resourceVersion");
        assertThat(api.put(THINGS + "/one", object).expect(422).at("/details/causes/0/field"))
                .isEqualTo("metadata.resourceVersion");
    }

    @Test
    void aDefinitionTakesItsObjectsAlong() {
        thing("one", "{size: 1}").expect(201);
        api.delete(DEFINITIONS + "/things.example.com").expect(200);
        long until = System.nanoTime() + 10_000_000_000L;
        while (api.get(DEFINITIONS + "/things.example.com").code() != 404
                || api.get(THINGS).code() != 404) {
            assertThat(System.nanoTime()).as("the definition goes").isLessThan(until);
            Thread.onSpinWait();
        }
        api.get(THINGS).expect(404);
        api.post(DEFINITIONS, DEFINITION).expect(201);
        assertThat(api.get(THINGS).expect(200).json().at("/items")).isEmpty();
    }

    @Test
    void namesThatAreTakenAreNotAccepted() {
        String rival = DEFINITION
                .replace("things.example.com", "rivals.example.com")
                .replace("plural: things", "plural: rivals");
        JsonNode status = api.post(DEFINITIONS, rival).expect(201).json().at("/status/conditions/0");
        assertThat(status.at("/type").asText()).isEqualTo("NamesAccepted");
        assertThat(status.at("/status").asText()).isEqualTo("False");
        api.get("/apis/example.com/v1/namespaces/default/rivals").expect(404);
    }
}
