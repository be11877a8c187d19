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

/** ValidatingAdmissionPolicies on a running API; what is expected is what kube-apiserver 1.36.2 answered to the same. */
@Behaviour(
        "ValidatingAdmissionPolicy and MutatingAdmissionPolicy with CEL, params, variables, audit annotations, type checking")
class ValidatingPoliciesTest {
    private static final String TEN = "[1,2,3,4,5,6,7,8,9,10]";
    private static final String PARAMS = ", paramKind: {apiVersion: v1, kind: ConfigMap}";

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

    private static String validation(String expression, String more) {
        return "validations: [{expression: " + Policies.quoted(expression) + more + "}]";
    }

    private Answer denied(String spec) {
        policies.bound("p", spec);
        return policies.map("one", "a: b, n: '5'");
    }

    private static String words(String why) {
        return "configmaps \"one\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'p-b' denied request: "
                + why;
    }

    @Test
    void aPolicyHoldsForTheFirstWriteAfterItsBinding() {
        policies.policy("p", validation("object.data.a == 'c'", "")).expect(201);
        policies.map("before", "a: b").expect(201);
        policies.binding("p-b", "p", ", validationActions: [Deny]").expect(201);
        Answer refused = policies.map("one", "a: b").expect(422);
        assertThat(refused.at("/message")).isEqualTo(words("failed expression: object.data.a == 'c'"));
        assertThat(refused.at("/reason")).isEqualTo("Invalid");
        assertThat(refused.at("/details/causes/0/message"))
                .isEqualTo("ValidatingAdmissionPolicy 'p' with binding 'p-b' denied request: failed expression:"
                        + " object.data.a == 'c'");
        api.delete(Policies.GROUP + "validatingadmissionpolicybindings/p-b").expect(200);
        policies.map("one", "a: b").expect(201);
    }

    @Test
    void aPolicyThatChangesHoldsAsItIs() {
        policies.bound("p", validation("false", ""));
        policies.map("one", "a: b").expect(422);
        api.patch(
                        Policies.GROUP + "validatingadmissionpolicies/p",
                        "application/json-patch+json",
                        "[{\"op\":\"replace\",\"path\":\"/spec/validations/0/expression\",\"value\":\"true\"}]")
                .expect(200);
        policies.map("one", "a: b").expect(201);
    }

    @ParameterizedTest
    @CsvSource({"Forbidden,403", "Invalid,422", "RequestEntityTooLarge,413"})
    void aDenialHasThePolicysReason(String reason, int code) {
        Answer refused = denied(validation("false", ", message: ' no ', reason: " + reason))
                .expect(code);
        assertThat(refused.at("/reason")).isEqualTo(reason);
        assertThat(refused.at("/message")).isEqualTo(words("no"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            '"got " + string(object.data.a)' | got b
            'string(object.data.zz)'         | said otherwise
            '"x\\ny"'                        | said otherwise
            '"  "'                           | said otherwise
            """)
    void aMessageIsComputedAndSaidOtherwiseWhereItCannotBe(String expression, String wanted) {
        Answer refused = denied(
                validation("false", ", message: said otherwise, messageExpression: " + Policies.quoted(expression)));
        assertThat(refused.expect(422).at("/message")).isEqualTo(words(wanted));
    }

    @Test
    void anExpressionThatFailsRefusesUnlessFailuresAreIgnored() {
        Answer refused = denied(validation("object.data.zz == 'c'", "")).expect(422);
        assertThat(refused.at("/message"))
                .isEqualTo(words("expression 'object.data.zz == 'c'' resulted in error: no such key: zz"));
        api.delete(Policies.GROUP + "validatingadmissionpolicies/p").expect(200);
        policies.policy("p", validation("object.data.zz == 'c'", "") + ", failurePolicy: Ignore")
                .expect(201);
        policies.map("one", "a: b").expect(201);
    }

    @Test
    void warningsSayEachValidationThatFails() {
        policies.policy(
                        "p",
                        "validations: [{expression: 'false', message: one}, {expression: 'object.data.q == \"\"'}]")
                .expect(201);
        policies.binding("p-b", "p", ", validationActions: [Warn, Audit]").expect(201);
        assertThat(policies.map("one", "a: b").expect(201).warnings())
                .containsExactly(
                        "299 - \"Validation failed for ValidatingAdmissionPolicy 'p' with binding 'p-b': one\"",
                        "299 - \"Validation failed for ValidatingAdmissionPolicy 'p' with binding 'p-b': expression"
                                + " 'object.data.q == \\\"\\\"' resulted in error: no such key: q\"");
    }

    @Test
    void variablesAreComputedWhenTheyAreReadAndSeeThoseBefore() {
        Answer refused =
                denied("variables: [{name: bad, expression: 'object.data.zz'}, {name: v, expression: 'object.data.a'},"
                        + " {name: w, expression: \"variables.v + 'x'\"}], "
                        + validation("variables.w == 'bx' && string(variables.bad) == ''", ""));
        assertThat(refused.expect(422).at("/message"))
                .isEqualTo(words("expression 'variables.w == 'bx' && string(variables.bad) == ''' resulted in error:"
                        + " composited variable \"bad\" fails to evaluate: no such key: zz"));
    }

    @Test
    void conditionsDecideWhetherAPolicyIsAsked() {
        policies.bound(
                "p", validation("false", "") + ", matchConditions: [{name: a, expression: 'object.data.a == \"c\"'}]");
        policies.map("one", "a: b").expect(201);
        policies.map("two", "a: c").expect(422);
        assertThat(policies.map("one", "q: c").expect(422).at("/message"))
                .isEqualTo(words("expression 'object.data.a == \"c\"' resulted in error: no such key: a"));
    }

    @Test
    void theRequestAndItsNamespaceAreSeen() {
        Answer refused = denied(validation(
                "false",
                ", messageExpression: "
                        + Policies.quoted("request.operation + request.kind.kind + request.resource.resource +"
                                + " request.name + request.namespace + string(request.dryRun) +"
                                + " string(request.options.kind) + namespaceObject.metadata.name +"
                                + " namespaceObject.status.phase + request.userInfo.username")));
        assertThat(refused.expect(422).at("/message"))
                .isEqualTo(words("CREATEConfigMapconfigmapsonedefaultfalseCreateOptionsdefaultActiveadmin"));
    }

    @Test
    void parametersAreAskedOneByOne() {
        api.post(Policies.MAPS, "metadata: {name: par1, labels: {par: x}}\ndata: {max: '9'}")
                .expect(201);
        api.post(Policies.MAPS, "metadata: {name: par2, labels: {par: x}}\ndata: {max: '3'}")
                .expect(201);
        policies.policy(
                        "p",
                        validation(
                                        "object == null || !has(object.data.n) || int(object.data.n) < int(params.data.max)",
                                        ", messageExpression: \"'at most ' + string(params.data.max)\"")
                                + PARAMS)
                .expect(201);
        policies.binding(
                        "p-b",
                        "p",
                        ", validationActions: [Deny], paramRef: {selector: {matchLabels: {par: x}},"
                                + " parameterNotFoundAction: Deny}")
                .expect(201);
        assertThat(policies.map("one", "n: '5'").expect(422).at("/message")).isEqualTo(words("at most 3"));
        api.delete(Policies.MAPS + "/par2").expect(200);
        policies.map("one", "n: '5'").expect(201);
        api.delete(Policies.MAPS + "/par1").expect(200);
        assertThat(policies.map("one", "n: '5'").expect(422).at("/message"))
                .isEqualTo(words("failed to configure binding: no params found for policy binding with `Deny`"
                        + " parameterNotFoundAction"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            v1                           | ConfigMap   | name: nope                   | Allow | ''
            no.example.com/v1            | Nope        | name: nope                   | Allow | 'failed to configure policy: failed to find resource referenced by paramKind: ''no.example.com/v1, Kind=Nope'''
            rbac.authorization.k8s.io/v1 | ClusterRole | 'name: admin, namespace: x'  | Deny  | 'failed to configure binding: paramRef.namespace must not be provided for a cluster-scoped `paramKind`'
            v1                           | ConfigMap   | 'name: nope, namespace: x'   | Deny  | 'failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction'
            """)
    void parametersThatAreNotThereAreTold(
            String apiVersion, String kind, String reference, String action, String wanted) {
        policies.policy(
                        "p",
                        validation("false", "") + ", paramKind: {apiVersion: " + apiVersion + ", kind: " + kind + "}")
                .expect(201);
        policies.binding(
                        "p-b",
                        "p",
                        ", validationActions: [Deny], paramRef: {" + reference + ", parameterNotFoundAction: " + action
                                + "}")
                .expect(201);
        Answer answer = policies.map("one", "a: b");
        if (wanted.isEmpty()) {
            answer.expect(201);
        } else {
            assertThat(answer.expect(422).at("/message")).contains(wanted);
        }
    }

    private static String nested(int depth, String inner) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            out.append(TEN).append(".all(v").append(i).append(", ");
        }
        return out.append(inner).append(")".repeat(depth)).toString();
    }

    @Test
    void anExpressionThatCostsTooMuchIsEnded() {
        assertThat(denied(validation(nested(6, "v0 + v5 > 0"), "")).expect(422).at("/message"))
                .endsWith("resulted in error: operation cancelled: actual cost limit exceeded");
    }

    @Test
    void aPolicyThatCostsTooMuchIsEnded() {
        StringBuilder many = new StringBuilder("validations: [");
        for (int i = 0; i < 19; i++) {
            many.append("{expression: ")
                    .append(Policies.quoted(nested(5, "v0 + v4 > -" + i)))
                    .append("}, ");
        }
        assertThat(denied(many.append("]").toString()).expect(422).at("/message"))
                .isEqualTo(
                        words(
                                "validation failed due to running out of cost budget, no further validation rules will be run"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            namespaceSelector: {matchLabels: {nope: x}} | 201
            objectSelector: {matchLabels: {nope: x}}    | 201
            "excludeResourceRules: [{operations: ['CREATE'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*']}]" | 201
            "resourceRules: [{operations: ['UPDATE'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*']}]" | 201
            "resourceRules: [{resourceNames: [nope], operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*']}]" | 201
            "resourceRules: [{resourceNames: [one], operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*']}]" | 422
            """, quoteCharacter = '"')
    void aBindingNarrowsWhatItsPolicySees(String match, int code) {
        policies.policy("p", validation("false", "")).expect(201);
        policies.binding("p-b", "p", ", validationActions: [Deny], matchResources: {" + match + "}")
                .expect(201);
        policies.map("one", "a: b").expect(code);
    }

    @Test
    void auditAnnotationsAndFailuresAreInTheAuditEvent() {
        policies.policy(
                        "p",
                        "validations: [{expression: 'true'}, {expression: 'false', message: never}], auditAnnotations: [{key: who,"
                                + " valueExpression: ' \"a \" + string(object.data.a) '}, {key: none, valueExpression: 'null'}]")
                .expect(201);
        policies.binding("p-b", "p", ", validationActions: [Audit]").expect(201);
        policies.map("one", "a: b").expect(201);
        assertThat(api.annotations())
                .containsEntry("p/who", "a b")
                .doesNotContainKey("p/none")
                .containsEntry(
                        "validation.policy.admission.k8s.io/validation_failure",
                        "[{\"message\":\"never\",\"policy\":\"p\",\"binding\":\"p-b\",\"expressionIndex\":1,"
                                + "\"validationActions\":[\"Audit\"]}]");
    }

    @Test
    void anAuditAnnotationThatFailsRefuses() {
        assertThat(denied("auditAnnotations: [{key: who, valueExpression: 'string(object.data.zz)'}]")
                        .expect(422)
                        .at("/message"))
                .isEqualTo(words("expression 'string(object.data.zz)' resulted in error: no such key: zz"));
    }

    @Test
    void equivalentVersionsAreSeenInTheVersionThatThePolicyNames() {
        api.post(
                        Policies.GROUP + "validatingadmissionpolicies",
                        "metadata: {name: p}\nspec: {matchConstraints: {resourceRules: [{operations: ['*'], apiGroups:"
                                + " [events.k8s.io], apiVersions: [v1], resources: [events]}]}, validations:"
                                + " [{expression: 'false', messageExpression: 'string(object.apiVersion) + \" \" +"
                                + " request.requestResource.group + \" \" + request.resource.group'}]}")
                .expect(201);
        policies.binding("p-b", "p", ", validationActions: [Deny]").expect(201);
        String event =
                "metadata: {name: e, namespace: default}\ninvolvedObject: {kind: Pod, name: x, namespace: default}\n"
                        + "reason: R\nmessage: M\ntype: Normal\n";
        assertThat(api.post("/api/v1/namespaces/default/events", event)
                        .expect(422)
                        .at("/message"))
                .endsWith("denied request: events.k8s.io/v1  events.k8s.io");
    }

    @Test
    void aDeleteShowsTheOldObject() {
        policies.map("one", "a: b").expect(201);
        policies.bound(
                "p",
                validation(
                        "oldObject == null || object != null",
                        ", messageExpression: \"'was ' + string(oldObject.data.a)\""));
        assertThat(api.delete(Policies.MAPS + "/one").expect(422).at("/message"))
                .isEqualTo(words("was b"));
    }

    @Test
    void policiesDoNotKeepPoliciesFromBeingTakenAway() {
        api.post(
                        Policies.GROUP + "validatingadmissionpolicies",
                        "metadata: {name: all}\nspec: {matchConstraints: {resourceRules: [{operations: ['*'],"
                                + " apiGroups: ['*'], apiVersions: ['*'], resources: ['*/*']}]},"
                                + " validations: [{expression: 'false'}]}")
                .expect(201);
        policies.binding("all-b", "all", ", validationActions: [Deny]").expect(201);
        policies.map("one", "a: b").expect(422);
        api.delete(Policies.GROUP + "validatingadmissionpolicybindings/all-b").expect(200);
        policies.map("one", "a: b").expect(201);
    }
}
