package dev.kite.security.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import dev.kite.api.security.Attributes;
import dev.kite.api.security.Authorizer.Decision;
import dev.kite.api.security.Authorizer.Verdict;
import dev.kite.api.security.UserInfo;
import dev.kite.cel.compile.CompilerComponent;
import dev.kite.security.HookServer;
import dev.kite.security.webhook.AuthorizationOrder.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An AuthorizationConfiguration's matchConditions, compiled and evaluated by kite.cel as it is shipped. */
@Timeout(120)
class MatchConditionsTest {
    @TempDir
    Path folder;

    private HookServer hook;

    @BeforeEach
    void start() throws Exception {
        hook = new HookServer(folder);
        hook.answer = "{\"kind\":\"SubjectAccessReview\",\"status\":{\"allowed\":true,\"reason\":\"so\"}}";
    }

    @AfterEach
    void stop() throws IOException {
        hook.close();
    }

    private AuthorizationOrder order(String failure, String... conditions) throws IOException {
        StringBuilder text = new StringBuilder("apiVersion: apiserver.config.k8s.io/v1\n"
                + "kind: AuthorizationConfiguration\nauthorizers:\n- type: Webhook\n  name: w\n  webhook:\n"
                + "    timeout: 3s\n    subjectAccessReviewVersion: v1\n"
                + "    matchConditionSubjectAccessReviewVersion: v1\n    failurePolicy: " + failure
                + "\n    connectionInfo: {type: KubeConfigFile, kubeConfigFile: " + hook.kubeconfig
                + "}\n    matchConditions:\n");
        for (String condition : conditions) {
            text.append("    - expression: |-\n        ").append(condition).append('\n');
        }
        Path file = folder.resolve("authz.yaml");
        Files.writeString(file, text);
        return new AuthorizationOrder(
                CompilerComponent::new,
                ComponentArguments.of(UpstreamComponent.APISERVER, "authorization-config=" + file),
                InstantSource.system());
    }

    private static Decision ask(AuthorizationOrder order) {
        UserInfo user = new UserInfo("ann", "7", List.of("devs"), Map.of("k", List.of("v")));
        Attributes asked = new Attributes(
                user, "list", true, "apps", "v1", "deployments", "", "blue", "", "", "metadata.name=x", "a in (b)");
        return ((Step.Other) order.steps().getFirst()).authorizer().authorize(asked);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            has(request.resourceAttributes)                                             | ALLOW
            request.resourceAttributes.namespace == "kube-system"                       | NO_OPINION
            has(request.nonResourceAttributes)                                          | NO_OPINION
            !("system:masters" in request.groups) && request.user == "ann"              | ALLOW
            request.extra["k"].exists(v, v == "v") && request.uid == "7"                | ALLOW
            request.resourceAttributes.labelSelector.requirements[0].operator == "In"   | ALLOW
            request.resourceAttributes.fieldSelector.requirements[0].key == "spec.x"    | NO_OPINION
            """)
    void aWebhookIsAskedWhereItsConditionHolds(String condition, Verdict wanted) throws Exception {
        AuthorizationOrder order = order("Deny", condition);
        assertThat(ask(order).verdict()).isEqualTo(wanted);
        assertThat(hook.asked).hasSize(wanted == Verdict.ALLOW ? 1 : 0);
        order.deactivate();
    }

    @ParameterizedTest
    @CsvSource({"Deny,DENY", "NoOpinion,NO_OPINION"})
    void aConditionThatFailsIsAFailureUnlessAnotherIsFalse(String failure, Verdict wanted) throws Exception {
        AuthorizationOrder order = order(failure, "request.extra['nope'][0] == 'x'");
        assertThat(ask(order).verdict()).isEqualTo(wanted);
        order.deactivate();
        AuthorizationOrder passed = order(failure, "request.extra['nope'][0] == 'x'", "request.user == 'bob'");
        assertThat(ask(passed).verdict()).isEqualTo(Verdict.NO_OPINION);
        passed.deactivate();
        assertThat(hook.asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            request.user        | must evaluate to bool
            request.             | ERROR: <input>:1:9
            request.foo == "a"   | undefined field 'foo'
            object.x == 1        | undeclared reference to 'object'
            """)
    void conditionsThatAreWrongKeepTheServerFromStarting(String condition, String wanted) {
        assertThatThrownBy(() -> order("Deny", condition))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("authorizers[0].webhook.matchConditions[0].expression")
                .hasMessageContaining(wanted);
    }

    @Test
    void aConditionThatCostsTooMuchIsAFailure() throws Exception {
        String ten = "[1,2,3,4,5,6,7,8,9,10]";
        AuthorizationOrder order = order("Deny", (ten + ".all(x, ").repeat(7) + "true" + ")".repeat(7));
        assertThat(ask(order).verdict()).isEqualTo(Verdict.DENY);
        order.deactivate();
    }
}
