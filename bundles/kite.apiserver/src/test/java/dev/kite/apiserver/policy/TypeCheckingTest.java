package dev.kite.apiserver.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.harness.Api;
import dev.kite.behaviour.Behaviour;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What policies' statuses say of their expressions' types. */
@Behaviour(
        "ValidatingAdmissionPolicy and MutatingAdmissionPolicy with CEL, params, variables, audit annotations, type checking")
class TypeCheckingTest {
    private Api api;

    @BeforeEach
    void start(@TempDir Path folder) {
        api = new Api(folder);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private JsonNode checked(String rule, String spec) throws InterruptedException {
        api.post(
                        Policies.GROUP + "validatingadmissionpolicies",
                        "metadata: {name: p}\nspec: {matchConstraints: {resourceRules: [{operations: ['*'], " + rule
                                + "}]}, " + spec + "}")
                .expect(201);
        return observed(1);
    }

    private JsonNode observed(int generation) throws InterruptedException {
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (System.nanoTime() < until) {
            ObjectNode policy = api.get(Policies.GROUP + "validatingadmissionpolicies/p")
                    .expect(200)
                    .object();
            if (policy.at("/status/observedGeneration").asInt() == generation) {
                assertThat(policy.at("/metadata/generation").asInt()).isEqualTo(generation);
                return policy.at("/status/typeChecking");
            }
            Thread.sleep(20);
        }
        throw new AssertionError("the policy's types were not checked");
    }

    private static final String DEPLOYMENTS = "apiGroups: [apps], apiVersions: [v1], resources: [deployments]";

    @Test
    void expressionsThatFitAreNotWarnedOf() throws Exception {
        JsonNode told = checked(
                DEPLOYMENTS,
                "validations: [{expression: 'object.spec.replicas < 5 && object.metadata.name != \"\" &&"
                        + " object.spec.template.spec.containers.all(c, c.image.startsWith(\"x\"))', messageExpression:"
                        + " '\"at most \" + string(object.spec.replicas)'}]");
        assertThat(told).hasToString("{}");
    }

    @Test
    void expressionsThatDoNotFitAreWarnedOfByKind() throws Exception {
        JsonNode told = checked(
                "apiGroups: [apps], apiVersions: [v1], resources: [deployments, statefulsets, 'daemonsets/status']",
                "validations: [{expression: 'object.spec.replicas > \"1\"'}, {expression: 'object.spec.paused == true',"
                        + " messageExpression: 'string(object.foo)'}]");
        JsonNode warnings = told.get("expressionWarnings");
        assertThat(warnings).hasSize(3);
        assertThat(warnings.at("/0/fieldRef").asText()).isEqualTo("spec.validations[0].expression");
        assertThat(warnings.at("/0/warning").asText())
                .isEqualTo("apps/v1, Kind=Deployment: ERROR: <input>:1:22: found no matching overload for '_>_' applied"
                        + " to '(int, string)'\n | object.spec.replicas > \"1\"\n | .....................^\n\n"
                        + "apps/v1, Kind=StatefulSet: ERROR: <input>:1:22: found no matching overload for '_>_' applied"
                        + " to '(int, string)'\n | object.spec.replicas > \"1\"\n | .....................^\n");
        assertThat(warnings.at("/1/fieldRef").asText()).isEqualTo("spec.validations[1].expression");
        assertThat(warnings.at("/1/warning").asText())
                .startsWith("apps/v1, Kind=StatefulSet: ERROR: <input>:1:12: undefined field 'paused'");
        assertThat(warnings.at("/2/fieldRef").asText()).isEqualTo("spec.validations[1].messageExpression");
    }

    @Test
    void parametersAndVariablesHaveTypes() throws Exception {
        JsonNode told = checked(
                DEPLOYMENTS,
                "paramKind: {apiVersion: v1, kind: ConfigMap}, variables: [{name: n, expression: 'object.spec.replicas'}],"
                        + " validations: [{expression: 'variables.n == params.data[\"x\"]'}]");
        assertThat(told.at("/expressionWarnings/0/warning").asText())
                .contains("found no matching overload for '_==_' applied to '(int, string)'");
    }

    @Test
    void kindsOfDefinitionsHaveTypes() throws Exception {
        api.post(
                        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                        "metadata: {name: things.example.com}\nspec: {group: example.com, scope: Namespaced, names: {plural:"
                                + " things, kind: Thing}, versions: [{name: v1, served: true, storage: true, schema:"
                                + " {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {n:"
                                + " {type: integer}}}}}}}]}")
                .expect(201);
        JsonNode told = checked(
                "apiGroups: [example.com], apiVersions: [v1], resources: [things]",
                "validations: [{expression: 'object.spec.n == \"1\"'}, {expression: 'object.metadata.labels[\"a\"] =="
                        + " \"b\"'}]");
        assertThat(told.get("expressionWarnings")).hasSize(1);
        assertThat(told.at("/expressionWarnings/0/warning").asText())
                .startsWith("example.com/v1, Kind=Thing: ERROR: <input>:1:15: found no matching overload");
    }

    @Test
    void aPolicyThatChangesIsCheckedAgain() throws Exception {
        assertThat(checked(DEPLOYMENTS, "validations: [{expression: 'object.foo == 1'}]")
                        .get("expressionWarnings"))
                .hasSize(1);
        api.patch(
                        Policies.GROUP + "validatingadmissionpolicies/p",
                        "application/json-patch+json",
                        "[{\"op\":\"replace\",\"path\":\"/spec/validations/0/expression\",\"value\":\"object.spec.paused == true\"}]")
                .expect(200);
        assertThat(observed(2)).hasToString("{}");
    }

    @Test
    void kindsThatWildcardsNameAreNotLookedAt() throws Exception {
        assertThat(checked(
                        "apiGroups: ['*'], apiVersions: ['*'], resources: ['*']",
                        "validations: [{expression: 'object.foo == 1'}]"))
                .hasToString("{}");
    }
}
