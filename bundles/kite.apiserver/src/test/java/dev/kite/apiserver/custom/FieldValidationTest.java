package dev.kite.apiserver.custom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.apiserver.harness.Api;
import dev.kite.apiserver.harness.Api.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What fieldValidation says of fields that are unknown or appear twice, of built-in and custom objects. */
class FieldValidationTest {
    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String THINGS = "/apis/example.com/v1/namespaces/default/things";
    private static final String STRICT = "?fieldValidation=Strict&fieldManager=me";

    private Api api;

    @BeforeEach
    void start(@TempDir Path folder) {
        api = new Api(folder);
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
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec:
                        type: object
                        properties:
                          size: {type: integer}
                          free: {type: object, x-kubernetes-preserve-unknown-fields: true}
                          template:
                            type: object
                            x-kubernetes-embedded-resource: true
                            properties: {spec: {type: object}}
            """).expect(201);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private Answer ask(String method, String path, String type, String body) {
        return api.ask(method, path, type, body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void strictTellsAllThatIsUnknownAndAllThatIsRepeatedOfTypedObjects() {
        String body = """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},
             "spec":{"unknownField":"foo","replicas":2,"replicas":3,
              "selector":{"matchLabels":{"a":"b","a":"c"}},"template":{"spec":{"containers":[{"name":"n","name":"m"}]}}}}""";
        Answer answer = ask("POST", "/apis/apps/v1/namespaces/default/deployments" + STRICT, "application/json", body);
        assertThat(answer.expect(400).at("/message"))
                .contains(
                        "strict decoding error: unknown field \"spec.unknownField\", duplicate field \"spec.replicas\", "
                                + "duplicate field \"spec.selector.matchLabels.a\", "
                                + "duplicate field \"spec.template.spec.containers[0].name\"");
    }

    @Test
    void strictTellsAllThatIsRepeatedAndAllThatIsUnknownOfCustomObjects() {
        String body = """
            {"metadata":{"name":"t","nope":1},"spec":{"size":1,"size":2,"what":1,"free":{"x":1,"x":2}}}""";
        assertThat(ask("POST", THINGS + STRICT, "application/json", body)
                        .expect(400)
                        .at("/message"))
                .contains("strict decoding error: duplicate field \"spec.size\", duplicate field \"spec.free.x\", "
                        + "unknown field \"metadata.nope\", unknown field \"spec.what\"");
        Answer warned = ask("POST", THINGS, "application/json", body).expect(201);
        assertThat(warned.warnings()).hasSize(4);
        assertThat(warned.at("/spec/size")).isEqualTo("2");
    }

    @Test
    void repetitionsInYamlAreToldByTheirLine() {
        String body = """

            metadata:
              name: t
            spec:
              size: 1
              size: 2
            """;
        assertThat(ask("POST", THINGS + STRICT, "application/yaml", body)
                        .expect(400)
                        .at("/message"))
                .contains("strict decoding error: yaml: unmarshal errors:\n  line 6: key \"size\" already set in map");
    }

    @Test
    void appliedConfigurationsHoldNothingThatIsNotDeclared() {
        String apply = "application/apply-patch+yaml";
        String unknown = """
            apiVersion: example.com/v1
            kind: Thing
            metadata: {name: t, unknownMeta: x}
            spec: {what: 1}
            """;
        assertThat(ask("PATCH", THINGS + "/t" + STRICT, apply, unknown)
                        .expect(400)
                        .at("/message"))
                .contains(
                        ".spec.what: field not declared in schema",
                        ".metadata.unknownMeta: field not declared in schema");
        String embedded = """
            apiVersion: example.com/v1
            kind: Thing
            metadata: {name: t}
            spec: {template: {apiVersion: v1, kind: Sub, metadata: {name: n, unknownSubMeta: x}}}
            """;
        assertThat(ask("PATCH", THINGS + "/t" + STRICT, apply, embedded)
                        .expect(400)
                        .at("/message"))
                .contains(".spec.template.metadata.unknownSubMeta: field not declared in schema");
        String repeated = """

            apiVersion: example.com/v1
            kind: Thing
            metadata:
              name: t
            spec:
              free:
                foo: a
                foo: b
            """;
        assertThat(ask("PATCH", THINGS + "/t" + STRICT, apply, repeated)
                        .expect(400)
                        .at("/message"))
                .contains("line 9: key \"foo\" already set in map");
        ask("PATCH", THINGS + "/t?fieldManager=me&fieldValidation=Ignore", apply, repeated)
                .expect(201);
    }

    @Test
    void aPathOfThousandsOfRepetitionsIsAnsweredInBounds() {
        StringBuilder body = new StringBuilder("{\"metadata\":{\"name\":\"t\"},\"spec\":{");
        for (int i = 0; i < 20_000; i++) {
            body.append("\"k").append(i).append("\":1,\"k").append(i).append("\":2,");
        }
        body.append("\"size\":1}}");
        String message = ask("POST", THINGS + STRICT, "application/json", body.toString())
                .expect(400)
                .at("/message");
        assertThat(message).contains("duplicate field \"spec.k0\"");
        assertThat(message.length()).isLessThan(20_000);
    }
}
