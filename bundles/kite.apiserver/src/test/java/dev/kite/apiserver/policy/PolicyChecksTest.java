package dev.kite.apiserver.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.apiserver.harness.Api;
import dev.kite.apiserver.harness.Api.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What policies, bindings and webhooks are refused for; words and paths are kube-apiserver 1.36.2's. */
class PolicyChecksTest {
    private static final String RULE =
            "{operations: ['*'], apiGroups: [''], apiVersions: [v1], resources: [configmaps]}";
    private static Api api;

    @BeforeAll
    static void start(@TempDir Path folder) {
        api = new Api(folder);
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    private static String told(Answer refused) {
        String message = refused.expect(422).at("/message");
        return message.substring(message.indexOf(" is invalid: ") + " is invalid: ".length());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            validations: [{expression: '1'}]                     | spec.validations[0].expression: Invalid value: "1": must evaluate to bool but got int
            validations: [{expression: 'null'}]                  | spec.validations[0].expression: Invalid value: "null": must evaluate to bool but got null_type
            validations: [{expression: 'foo'}]                   | spec.validations[0].expression: Invalid value: "foo": compilation failed: ERROR: <input>:1:1: undeclared reference to 'foo' (in container '')⏎
            validations: [{expression: 'true', messageExpression: 'object.x'}] | spec.validations[0].messageExpression: Invalid value: "object.x": must evaluate to string but got dyn
            validations: [{expression: 'true', message: ' '}]    | spec.validations[0].message: Invalid value: " ": must be non-empty if specified
            validations: [{expression: 'true', reason: x}]       | spec.validations[0].reason: Unsupported value: "x": supported values: "Forbidden", "Invalid", "RequestEntityTooLarge"
            validations: [{expression: 'true'}], variables: [{name: for, expression: '1'}] | spec.variables[0].name: Invalid value: "for": must be a valid CEL identifier
            validations: [{expression: 'true'}], matchConditions: [{name: a, expression: 'variables.x == 1'}] | spec.matchConditions[0].expression: Invalid value: "variables.x == 1": compilation failed: ERROR: <input>:1:1: undeclared reference to 'variables' (in container '')⏎
            validations: [{expression: 'true'}], failurePolicy: x | spec.failurePolicy: Unsupported value: "x": supported values: "Fail", "Ignore"
            validations: [{expression: 'true'}], paramKind: {apiVersion: v1} | spec.paramKind.kind: Required value
            auditAnnotations: [{key: a, valueExpression: '1'}]   | spec.auditAnnotations[0].valueExpression: Invalid value: "1": must evaluate to one of [string null_type] but got int
            auditAnnotations: [{key: 'a b', valueExpression: 'null'}] | spec.auditAnnotations[0].key: Invalid value: "p/a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')
            validations: []                                      | [spec.validations: Required value: validations or auditAnnotations must contain at least one item, spec.auditAnnotations: Required value: validations or auditAnnotations must contain at least one item]
            """)
    void aPolicyThatIsWrongIsRefused(String spec, String wanted) {
        Answer refused = api.post(
                Policies.GROUP + "validatingadmissionpolicies",
                "metadata: {name: p}\nspec: {matchConstraints: {resourceRules: [" + RULE + "]}, " + spec + "}");
        assertThat(told(refused)).startsWith(wanted.replace("⏎", "\n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            patchType: x                                                             | spec.mutations[0].patchType: Unsupported value: "x": supported values: "ApplyConfiguration", "JSONPatch"
            patchType: JSONPatch                                                     | spec.mutations[0].jsonPatch: Required value: must be specified when patchType is JSONPatch
            patchType: JSONPatch, jsonPatch: {expression: '[1]'}                     | spec.mutations[0].jsonPatch.expression: Invalid value: "[1]": must evaluate to list(JSONPatch) but got list(int)
            patchType: ApplyConfiguration, applyConfiguration: {expression: object}  | spec.mutations[0].applyConfiguration.expression: Invalid value: "object": must evaluate to Object but got dyn
            patchType: ApplyConfiguration, applyConfiguration: {expression: 'Object{}'}, jsonPatch: {expression: '[]'} | spec.mutations[0].jsonPatch: Invalid value: "{jsonPatch}": must not be specified when patchType is ApplyConfiguration
            """)
    void aMutationThatIsWrongIsRefused(String mutation, String wanted) {
        Answer refused = api.post(
                Policies.GROUP + "mutatingadmissionpolicies",
                "metadata: {name: p}\nspec: {reinvocationPolicy: Never, matchConstraints: {resourceRules: [" + RULE
                        + "]}, mutations: [{" + mutation + "}]}");
        assertThat(told(refused)).isEqualTo(wanted);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            validationActions: []               | spec.validationActions: Required value: at least one validation action is required
            validationActions: [Deny, Warn]     | spec.validationActions: Invalid value: ["Deny","Warn"]: must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)
            validationActions: [Deny], paramRef: {parameterNotFoundAction: Deny} | spec.paramRef: Required value: one of name or selector must be specified
            validationActions: [Deny], paramRef: {name: a} | spec.paramRef.parameterNotFoundAction: Required value
            """)
    void aBindingThatIsWrongIsRefused(String spec, String wanted) {
        Answer refused = api.post(
                Policies.GROUP + "validatingadmissionpolicybindings",
                "metadata: {name: p}\nspec: {policyName: p, " + spec + "}");
        assertThat(told(refused)).isEqualTo(wanted);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            matchConditions: [{name: a, expression: '1'}]      | webhooks[0].matchConditions[0].expression: Invalid value: "1": must evaluate to bool but got int
            matchConditions: [{name: a, expression: 'true'}, {name: a, expression: 'true'}] | webhooks[0].matchConditions[1].name: Duplicate value: "a"
            matchConditions: [{name: a, expression: 'params.x'}] | webhooks[0].matchConditions[0].expression: Invalid value: "params.x": compilation failed: ERROR: <input>:1:1: undeclared reference to 'params' (in container '')⏎
            admissionReviewVersions: [v2]                      | webhooks[0].admissionReviewVersions: Invalid value: ["v2"]: must include at least one of v1, v1beta1
            clientConfig: {url: 'http://x'}                    | webhooks[0].clientConfig.url: Invalid value: "http": 'https' is the only allowed URL scheme; desired format: https://host[/path]
            clientConfig: {service: {name: x, namespace: y, path: 'a//b'}} | [webhooks[0].clientConfig.service.path: Invalid value: "a//b": must start with a '/', webhooks[0].clientConfig.service.path: Invalid value: "a//b": segment[0] may not be empty, webhooks[0].clientConfig.service.path: Invalid value: "a//b": segment[1] may not be empty]
            """)
    void aWebhookThatIsWrongIsRefused(String field, String wanted) {
        String name = field.substring(0, field.indexOf(':'));
        StringBuilder hook = new StringBuilder("name: a.b.c, sideEffects: None, rules: [" + RULE + "], " + field);
        if (!name.equals("admissionReviewVersions")) {
            hook.append(", admissionReviewVersions: [v1]");
        }
        if (!name.equals("clientConfig")) {
            hook.append(", clientConfig: {url: 'https://x.example.com'}");
        }
        Answer refused = api.post(
                Policies.GROUP + "validatingwebhookconfigurations", "metadata: {name: w}\nwebhooks: [{" + hook + "}]");
        assertThat(told(refused)).startsWith(wanted.replace("⏎", "\n"));
    }

    @Test
    void moreConditionsThanAreAllowedAreRefused() {
        StringBuilder conditions = new StringBuilder();
        for (int i = 0; i < 65; i++) {
            conditions.append("{name: a").append(i).append(", expression: 'true'}, ");
        }
        Answer refused = api.post(
                Policies.GROUP + "validatingadmissionpolicies",
                "metadata: {name: p}\nspec: {matchConstraints: {resourceRules: [" + RULE
                        + "]}, validations: [{expression: 'true'}], matchConditions: [" + conditions + "]}");
        assertThat(told(refused)).isEqualTo("spec.matchConditions: Too many: 65: must have at most 64 items");
    }

    @Test
    void expressionsThatNestWithoutEndAreRefused() {
        String deep = "(".repeat(5_000) + "true" + ")".repeat(5_000);
        Answer refused = api.post(
                Policies.GROUP + "validatingadmissionpolicies",
                "metadata: {name: p}\nspec: {matchConstraints: {resourceRules: [" + RULE
                        + "]}, validations: [{expression: '" + deep + "'}]}");
        assertThat(told(refused)).contains("compilation failed: ");
    }

    @Test
    void conditionsThatStayAreNotCheckedAgain() {
        api.post(
                        Policies.GROUP + "validatingadmissionpolicies",
                        "metadata: {name: stay}\nspec: {matchConstraints: {resourceRules: [" + RULE
                                + "]}, validations: [{expression: 'true'}], matchConditions: [{name: a, expression:"
                                + " 'true'}]}")
                .expect(201);
        Answer refused = api.patch(
                Policies.GROUP + "validatingadmissionpolicies/stay",
                "application/json-patch+json",
                "[{\"op\":\"replace\",\"path\":\"/spec/validations/0/expression\",\"value\":\"1\"}]");
        assertThat(told(refused))
                .isEqualTo("spec.validations[0].expression: Invalid value: \"1\": must evaluate to bool but got int");
    }
}
