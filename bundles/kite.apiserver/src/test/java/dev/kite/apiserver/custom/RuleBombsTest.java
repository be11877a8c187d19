package dev.kite.apiserver.custom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.kite.apiserver.harness.Api;
import java.nio.file.Path;
import java.time.Duration;
import java.util.StringJoiner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Definitions and objects that want more of rules than anybody may have. */
class RuleBombsTest {
    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String BOMBS = "/apis/example.com/v1/bombs";
    private static final Duration TIME = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    private Api api;

    @BeforeEach
    void start() {
        api = new Api(folder);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private Api.Answer define(String spec) {
        return api.post(
                DEFINITIONS,
                "---\n{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: bombs.example.com}, "
                        + "spec: {group: example.com, scope: Cluster, names: {plural: bombs, kind: Bomb}, versions: ["
                        + "{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {spec: "
                        + spec + "}}}}]}}");
    }

    private Api.Answer bomb(String name, String spec) {
        return assertTimeoutPreemptively(
                TIME,
                () -> api.post(
                        BOMBS,
                        "{\"apiVersion\":\"example.com/v1\",\"kind\":\"Bomb\",\"metadata\":{\"name\":\"" + name
                                + "\"},\"spec\":" + spec + "}"));
    }

    private static String times(int count, String element) {
        StringJoiner all = new StringJoiner(",");
        for (int i = 0; i < count; i++) {
            all.add(element.replace("%", Integer.toString(i)));
        }
        return all.toString();
    }

    @Test
    void aMillionWrongElementsAreAnsweredWithAThousandCauses() {
        define(
                        "{type: object, properties: {l: {type: array, items: {type: integer, x-kubernetes-validations: [{rule: 'self > 1'}]}}}}")
                .expect(201);
        Api.Answer answer = bomb("a", "{\"l\":[" + times(500_000, "1") + "]}");
        assertThat(answer.code()).isIn(422, 413);
        assertThat(answer.body().length).isLessThan(1 << 20);
    }

    @Test
    void whatHoldsATextTwiceOverAndOverEndsWithinItsBudget() {
        define("{type: object, properties: {x: {x-kubernetes-int-or-string: true, x-kubernetes-validations: ["
                        + "{rule: '[[self].map(a, a + a)[0]].map(a, a + a)[0] + self != dyn(1)'}, "
                        + "{rule: 'lists.range(1000).map(i, self + self).size() > 0'}, "
                        + "{rule: 'lists.range(2000).map(i, lists.range(2000)).size() > 0'}, "
                        + "{rule: \"type(self) == int || string(self).matches('^(a+)+$')\"}]}}}")
                .expect(422);
        define(
                        "{type: object, properties: {x: {x-kubernetes-int-or-string: true, maxLength: 100000, x-kubernetes-validations: ["
                                + "{rule: \"type(self) == int || self + self + self + self != 'x'\"}]}}}")
                .expect(201);
        Api.Answer answer = bomb("b", "{\"x\":\"" + "a".repeat(100_000) + "\"}");
        assertThat(answer.code()).isIn(201, 422);
    }

    @Test
    void thousandsOfRulesAreCompiledOrRefused() {
        Api.Answer answer = assertTimeoutPreemptively(
                TIME,
                () -> define("{type: object, properties: {"
                        + times(
                                1_000,
                                "f%: {type: integer, x-kubernetes-validations: [{rule: 'self > %'}, {rule: 'self < %%'}]}")
                        + "}}"));
        assertThat(answer.code()).isEqualTo(201);
        assertThat(bomb("c", "{\"f7\":3}").expect(422).json().at("/details/causes"))
                .hasSize(1);
    }

    @Test
    void rulesOfEveryLevelOfADeepSchemaAreAsked() {
        int depth = 60;
        define("{type: object, x-kubernetes-validations: [{rule: 'true'}], properties: {d: ".repeat(depth)
                        + "{type: integer, x-kubernetes-validations: [{rule: 'self > 1'}]}" + "}}".repeat(depth))
                .expect(201);
        assertThat(bomb("d", "{\"d\":".repeat(depth) + "1" + "}".repeat(depth))
                        .expect(422)
                        .at("/details/causes/0/field"))
                .startsWith("spec.d.d");
    }
}
