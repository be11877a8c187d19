package dev.kite.apiserver.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.apiserver.harness.Api;
import dev.kite.apiserver.harness.Api.Answer;
import dev.kite.behaviour.Behaviour;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MutatingAdmissionPolicies on a running API; what is expected is what kube-apiserver 1.36.2 answered to the same. */
@Behaviour(
        "ValidatingAdmissionPolicy and MutatingAdmissionPolicy with CEL, params, variables, audit annotations, type checking")
class MutatingPoliciesTest {
    private Api api;
    private Policies policies;

    @BeforeEach
    void start(@TempDir Path folder) {
        api = new Api(folder);
        policies = new Policies(api);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private static String apply(String expression) {
        return "{patchType: ApplyConfiguration, applyConfiguration: {expression: " + Policies.quoted(expression) + "}}";
    }

    private static String patch(String expression) {
        return "{patchType: JSONPatch, jsonPatch: {expression: " + Policies.quoted(expression) + "}}";
    }

    private static String mutations(String... mutations) {
        return "reinvocationPolicy: Never, mutations: [" + String.join(", ", mutations) + "]";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Object{data: {"x": string(object.data.a), "a": "c"}}                    | {"a":"c","n":"5","x":"b"}
            Object{data: Object.data{x: "y"}}                               | {"a":"b","n":"5","x":"y"}
            Object{}                                                        | {"a":"b","n":"5"}
            """)
    void aConfigurationIsMergedIntoTheObject(String expression, String data) {
        policies.mutating("p", mutations(apply(expression)));
        assertThat(policies.map("one", "a: b, n: '5'").expect(201).json().get("data"))
                .hasToString(data);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [JSONPatch{op: "add", path: "/data/x", value: "y"}]                                                       | {"a":"b","n":"5","x":"y"}
            [JSONPatch{op: "remove", path: "/data/a"}, JSONPatch{op: "move", from: "/data/n", path: "/data/o"}]       | {"o":"5"}
            [JSONPatch{op: "test", path: "/data/a", value: "q"}, JSONPatch{op: "add", path: "/data/x", value: "y"}]   | {"a":"b","n":"5"}
            [JSONPatch{op: "add", path: "/data", value: Object.data{x: "y"}}]                                         | {"x":"y"}
            [JSONPatch{op: "add", path: "/data/" + jsonpatch.escapeKey("a") , value: timestamp("2000-01-01T00:00:00Z")}] | {"a":"2000-01-01T00:00:00Z","n":"5"}
            """)
    void aPatchIsAppliedToTheObject(String expression, String data) {
        policies.mutating("p", mutations(patch(expression)));
        assertThat(policies.map("one", "a: b, n: '5'").expect(201).json().get("data"))
                .hasToString(data);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            apply | Object{data: {"x": object.data.zz}}      | 403 | expression 'Object{data: {"x": object.data.zz}}' resulted in error: no such key: zz
            apply | Object{foo: "y"}                         | 403 | error applying patch: failed to convert patch object to typed object: .foo: field not declared in schema
            apply | Object{data: Object.spec{x: "y"}}        | 403 | type mismatch: unexpected type name "Object.spec", expected "Object.data", which matches field name path from root Object type
            patch | [JSONPatch{op: "remove", path: "/data/zz"}] | 403 | JSON Patch: error in remove for path: '/data/zz': Unable to remove nonexistent key: zz: missing value
            patch | [JSONPatch{op: "foo", path: "/data/a", value: "b"}] | 403 | JSON Patch: Unexpected kind: foo
            patch | [JSONPatch{op: "add", path: "/metadata", value: Object.metadata{labels: Object.metadata.wrong{}}}] | 403 | type mismatch: unexpected type name "Object.metadata.wrong", expected "Object.metadata.labels", which matches field name path from root Object type
            """)
    void aMutationThatFailsRefusesUnlessFailuresAreIgnored(String kind, String expression, int code, String why) {
        String mutations = mutations(kind.equals("apply") ? apply(expression) : patch(expression));
        policies.mutating("p", mutations);
        Answer refused = policies.map("one", "a: b").expect(code);
        assertThat(refused.at("/message")).isEqualTo("policy 'p' with binding 'p-b' denied request: " + why);
        assertThat(refused.at("/reason")).isEqualTo("Invalid");
        api.delete(Policies.GROUP + "mutatingadmissionpolicies/p").expect(200);
        policies.mutation("p", mutations + ", failurePolicy: Ignore").expect(201);
        policies.map("one", "a: b").expect(201);
    }

    @Test
    void aPatchThatMakesWhatTheKindDoesNotKnowIsAnError() {
        policies.mutating("p", mutations(patch("[JSONPatch{op: 'add', path: '/foo', value: 'b'}]")));
        assertThat(policies.map("one", "a: b").expect(500).at("/message"))
                .isEqualTo("Internal error occurred: strict decoding error: unknown field \"foo\"");
    }

    private static final String DEPLOYMENT =
            "metadata: {name: d}\nspec: {replicas: 2, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a:"
                    + " b}}, spec: {containers: [{name: c, image: i}], tolerations: [{key: k, operator: Exists}]}}}";

    private Answer deployment(String expression) {
        api.post(
                        Policies.GROUP + "mutatingadmissionpolicies",
                        "metadata: {name: p}\nspec: {matchConstraints: {resourceRules: [{operations: [CREATE], apiGroups: [apps],"
                                + " apiVersions: [v1], resources: [deployments]}]}, " + mutations(apply(expression))
                                + "}")
                .expect(201);
        api.post(Policies.GROUP + "mutatingadmissionpolicybindings", "metadata: {name: p-b}\nspec: {policyName: p}")
                .expect(201);
        return api.post("/apis/apps/v1/namespaces/default/deployments", DEPLOYMENT);
    }

    @Test
    void listsAreMergedByTheirKeys() {
        Answer made =
                deployment("Object{spec: Object.spec{template: Object.spec.template{spec: Object.spec.template.spec{"
                        + "containers: [Object.spec.template.spec.containers{name: 'side', image: 'x'},"
                        + " Object.spec.template.spec.containers{name: 'c', imagePullPolicy: 'Never'}]}}}}");
        assertThat(made.expect(201).at("/spec/template/spec/containers/0/image"))
                .isEqualTo("x");
        assertThat(made.at("/spec/template/spec/containers/1/image")).isEqualTo("i");
        assertThat(made.at("/spec/template/spec/containers/1/imagePullPolicy")).isEqualTo("Never");
        // Defaults are those of the kind.
        assertThat(made.at("/spec/template/spec/containers/0/terminationMessagePolicy"))
                .isEqualTo("File");
    }

    @Test
    void whatIsOwnedAsAWholeIsNotMerged() {
        Answer refused = deployment("Object{spec: Object.spec{selector: Object.spec.selector{matchLabels: {'c': 'd'}},"
                + " template: Object.spec.template{spec: Object.spec.template.spec{tolerations:"
                + " [Object.spec.template.spec.tolerations{key: 'x'}]}}}}");
        assertThat(refused.expect(403).at("/message"))
                .isEqualTo("policy 'p' with binding 'p-b' denied request: error applying patch: invalid"
                        + " ApplyConfiguration: may not mutate atomic arrays, maps or structs: .spec.selector,"
                        + " .spec.template.spec.tolerations");
    }

    @Test
    void policiesSeeWhatThoseBeforeMadeAndOnceMoreIfTheyAskForIt() {
        String count = "[JSONPatch{op: 'add', path: '/data/seen', value: object.data.?seen.orValue('') + '%s'}]";
        policies.mutating("a", "reinvocationPolicy: IfNeeded, mutations: [" + patch(count.formatted("a")) + "]");
        policies.mutating("b", "reinvocationPolicy: Never, mutations: [" + patch(count.formatted("b")) + "]");
        assertThat(policies.map("one", "x: y").expect(201).at("/data/seen")).isEqualTo("aba");
    }

    @Test
    void variablesConditionsAndParametersAreSeen() {
        api.post("/api/v1/namespaces/default/secrets", "metadata: {name: par}\nstringData: {k: v}")
                .expect(201);
        policies.mutation(
                        "p",
                        mutations(apply("Object{data: {'x': variables.v + params.metadata.name}}"))
                                + ", paramKind: {apiVersion: v1, kind: Secret}, variables: [{name: v, expression: 'string(object.data.a)'}],"
                                + " matchConditions: [{name: m, expression: 'object.data.a == \"b\"'}]")
                .expect(201);
        api.post(
                        Policies.GROUP + "mutatingadmissionpolicybindings",
                        "metadata: {name: p-b}\nspec: {policyName: p, paramRef: {name: par, parameterNotFoundAction:"
                                + " Deny}}")
                .expect(201);
        assertThat(policies.map("one", "a: b").expect(201).at("/data/x")).isEqualTo("bpar");
        assertThat(policies.map("two", "a: c").expect(201).json().at("/data/x").isMissingNode())
                .isTrue();
        api.delete("/api/v1/namespaces/default/secrets/par").expect(200);
        assertThat(policies.map("three", "a: b").expect(403).at("/message"))
                .isEqualTo("policy 'p' with binding 'p-b' denied request: failed to configure binding: no params found"
                        + " for policy binding with `Deny` parameterNotFoundAction");
    }

    @Test
    void whatPoliciesChangeIsCheckedAfterwards() {
        policies.mutating("m", mutations(apply("Object{data: {'x': 'y'}}")));
        policies.bound("v", "validations: [{expression: '!has(object.data.x)', message: changed}]");
        assertThat(policies.map("one", "a: b").expect(422).at("/message")).endsWith("denied request: changed");
    }
}
