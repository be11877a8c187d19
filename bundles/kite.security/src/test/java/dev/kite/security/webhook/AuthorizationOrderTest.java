package dev.kite.security.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import dev.kite.api.security.Attributes;
import dev.kite.api.security.Authorizer;
import dev.kite.api.security.Authorizer.Decision;
import dev.kite.api.security.Authorizer.Verdict;
import dev.kite.api.security.UserInfo;
import dev.kite.cel.CelCompiler;
import dev.kite.security.HookServer;
import dev.kite.security.webhook.AuthorizationOrder.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class AuthorizationOrderTest {
    private static final Supplier<CelCompiler> NO_CEL = () -> {
        throw new IllegalArgumentException("CEL was asked for");
    };
    private static final String YES =
            "{\"kind\":\"SubjectAccessReview\",\"status\":{\"allowed\":true,\"reason\":\"so\"}}";
    private static final String HOOK =
            "  - {type: Webhook, name: w, webhook: {timeout: 1s, subjectAccessReviewVersion: v1, failurePolicy: %s, connectionInfo: {type: KubeConfigFile, kubeConfigFile: %s}%s}}\n";

    @TempDir
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-24T12:00:00Z"));
    private HookServer hook;

    @BeforeEach
    void start() throws Exception {
        hook = new HookServer(folder);
    }

    @AfterEach
    void stop() throws IOException {
        hook.close();
    }

    private AuthorizationOrder byArguments(String... arguments) throws IOException {
        return new AuthorizationOrder(NO_CEL, ComponentArguments.of(UpstreamComponent.APISERVER, arguments), now::get);
    }

    private AuthorizationOrder byFile(String authorizers) throws IOException {
        Path file = folder.resolve("authz.yaml");
        Files.writeString(file, config(authorizers));
        return byArguments("authorization-config=" + file);
    }

    private static String config(String authorizers) {
        return "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\nauthorizers:\n" + authorizers;
    }

    private static Attributes list(String labels) {
        UserInfo user = new UserInfo("ann", "7", List.of("devs"), Map.of("k", List.of("v")));
        return new Attributes(
                user, "list", true, "apps", "v1", "deployments", "", "blue", "", "", "metadata.name=x", labels);
    }

    private static Decision ask(AuthorizationOrder order, Attributes asked) {
        Authorizer only = ((Step.Other) order.steps().getFirst()).authorizer();
        return only.authorize(asked);
    }

    @Test
    void withoutArgumentsItIsNodeAndRbac() throws Exception {
        assertThat(byArguments().steps()).containsExactly(new Step.Node(), new Step.Rbac());
        assertThat(byArguments("authorization-mode=RBAC,AlwaysAllow").steps()).hasSize(2);
        assertThat(ask(byArguments("authorization-mode=AlwaysAllow"), list("")).verdict())
                .isEqualTo(Verdict.ALLOW);
        assertThat(ask(byArguments("authorization-mode=AlwaysDeny"), list("")).verdict())
                .isEqualTo(Verdict.NO_OPINION);
    }

    @Test
    void aWebhookIsAskedWithAllThatIsKnownAndItsAnswerRemembered() throws Exception {
        AuthorizationOrder order = byArguments(
                "authorization-mode=Webhook",
                "authorization-webhook-config-file=" + hook.kubeconfig,
                "authorization-webhook-version=v1");
        assertThat(order.hasWebhook()).isTrue();
        hook.answer = YES;
        assertThat(ask(order, list("a in (b, c),!d"))).isEqualTo(new Decision(Verdict.ALLOW, "so"));
        assertThat(hook.asked.getFirst())
                .contains("\"apiVersion\":\"authorization.k8s.io/v1\"")
                .contains(
                        "\"spec\":{\"resourceAttributes\":{\"namespace\":\"blue\",\"verb\":\"list\",\"group\":\"apps\",\"version\":\"v1\",\"resource\":\"deployments\",\"fieldSelector\":{\"requirements\":[{\"key\":\"metadata.name\",\"operator\":\"In\",\"values\":[\"x\"]}]},\"labelSelector\":{\"requirements\":[{\"key\":\"a\",\"operator\":\"In\",\"values\":[\"b\",\"c\"]},{\"key\":\"d\",\"operator\":\"DoesNotExist\"}]}},\"user\":\"ann\",\"groups\":[\"devs\"],\"extra\":{\"k\":[\"v\"]},\"uid\":\"7\"}");
        ask(order, list("a in (b, c),!d"));
        assertThat(hook.asked).hasSize(1);
        now.set(now.get().plus(Duration.ofMinutes(5)));
        hook.answer = "{\"kind\":\"SubjectAccessReview\",\"status\":{\"allowed\":false,\"denied\":true}}";
        assertThat(ask(order, list("a in (b, c),!d")).verdict()).isEqualTo(Verdict.DENY);
        assertThat(hook.asked).hasSize(2);
        now.set(now.get().plus(Duration.ofSeconds(31)));
        hook.answer = "{\"kind\":\"SubjectAccessReview\",\"status\":{\"allowed\":false}}";
        assertThat(ask(order, list("a in (b, c),!d")).verdict()).isEqualTo(Verdict.NO_OPINION);
        // A selector that can't be read is left out.
        ask(order, list("a in b"));
        assertThat(hook.asked.getLast()).doesNotContain("labelSelector");
        order.deactivate();
    }

    @Test
    void aWebhookThatHangsOrTalksNonsenseIsAFailureAsConfigured() throws Exception {
        AuthorizationOrder deny = byFile(HOOK.formatted("Deny", hook.kubeconfig, ""));
        for (String nonsense : List.of(
                "",
                "{",
                "[]",
                "{\"kind\":\"Pod\"}",
                "{\"kind\":\"SubjectAccessReview\"}",
                "{\"kind\":\"SubjectAccessReview\",\"status\":{\"allowed\":true,\"denied\":true}}",
                " ".repeat(2 << 20))) {
            hook.answer = nonsense;
            assertThat(ask(deny, list("")).verdict()).isEqualTo(Verdict.DENY);
        }
        hook.answer = YES;
        hook.status = 500;
        assertThat(ask(deny, list("")).verdict()).isEqualTo(Verdict.DENY);
        hook.status = 302;
        assertThat(ask(deny, list("")).verdict()).isEqualTo(Verdict.DENY);
        hook.status = 200;
        hook.pause = 20_000;
        long start = System.nanoTime();
        assertThat(ask(deny, list("")).verdict()).isEqualTo(Verdict.DENY);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        hook.pause = 0;
        assertThat(ask(deny, list("")).verdict()).isEqualTo(Verdict.ALLOW);
        deny.deactivate();
        AuthorizationOrder others = byFile(HOOK.formatted("NoOpinion", hook.kubeconfig, ""));
        hook.answer = "{";
        assertThat(ask(others, list("x=y")).verdict()).isEqualTo(Verdict.NO_OPINION);
        others.deactivate();
    }

    @Test
    void aConfigurationIsTakenUpAgainAndAWrongOneIsNot() throws Exception {
        AuthorizationOrder order = byFile("  - {type: RBAC, name: rbac}\n");
        assertThat(order.steps()).containsExactly(new Step.Rbac());
        Path file = folder.resolve("authz.yaml");
        Files.writeString(file, config("  - {type: Rbac, name: rbac}\n"));
        Thread.sleep(400);
        assertThat(order.steps()).containsExactly(new Step.Rbac());
        Files.writeString(file, config("  - {type: Node, name: node}\n"));
        for (int i = 0; i < 200 && !order.steps().equals(List.of(new Step.Node())); i++) {
            Thread.sleep(25);
        }
        assertThat(order.steps()).containsExactly(new Step.Node());
        order.deactivate();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|at least one",
                "[{type: RBAC}]|authorizers[0].name: is required",
                "[{type: RBAC, name: A}]|authorizers[0].name",
                "[{type: RBAC, name: a},{type: RBAC, name: b}]|RBAC is there twice",
                "[{type: RBAC, name: a},{type: Node, name: a}]|used twice",
                "[{type: RBAC, name: a, webhook: {}}]|no other",
                "[{type: Webhook, name: a}]|webhook",
                "[{type: Webhook, name: a, webhook: {timeout: 31s}}]|at most 30s",
                "[{type: Webhook, name: a, webhook: {timeout: 1s, subjectAccessReviewVersion: v2}}]|v1 or v1beta1",
                "[{type: Webhook, name: a, webhook: {timeout: 1s, subjectAccessReviewVersion: v1, failurePolicy: Allow}}]|NoOpinion or Deny",
                "[{type: Webhook, name: a, webhook: {timeout: 1s, subjectAccessReviewVersion: v1, failurePolicy: Deny, connectionInfo: {type: InClusterConfig}}}]|KubeConfigFile",
                "[{type: Webhook, name: a, webhook: {timeout: 1s, subjectAccessReviewVersion: v1, failurePolicy: Deny, matchConditionSubjectAccessReviewVersion: v1, matchConditions: [{expression: 'true'}], connectionInfo: {type: KubeConfigFile, kubeConfigFile: /x}}}]|CEL was asked for",
                "[{type: Maybe, name: a}]|none of",
            })
    void aWrongConfigurationIsOneLineWithItsPlace(String authorizers, String message) {
        assertThatThrownBy(() -> byFile("  " + authorizers + "\n"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("authz.yaml: ")
                .hasMessageContaining(message);
    }

    @Test
    void wrongArgumentsAreTold() {
        for (List<String> wrong : List.of(
                List.of("authorization-mode="),
                List.of("authorization-mode=RBAC,RBAC"),
                List.of("authorization-mode=Rbac"),
                List.of("authorization-mode=Webhook"),
                List.of("authorization-mode=ABAC"),
                List.of("authorization-mode=ABAC", "authorization-policy-file=/nowhere"),
                List.of("authorization-mode=Webhook", "authorization-webhook-config-file=/nowhere"),
                List.of("authorization-config=/nowhere", "authorization-mode=RBAC"),
                List.of("authorization-config=/nowhere"))) {
            assertThatThrownBy(() -> byArguments(wrong.toArray(String[]::new)))
                    .as(wrong.toString())
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void abacAllowsByItsLines() throws Exception {
        Path file = folder.resolve("policies");
        String head = "{\"apiVersion\":\"abac.authorization.kubernetes.io/v1beta1\",\"kind\":\"Policy\",\"spec\":";
        Files.writeString(
                file,
                "# comment\n" + head
                        + "{\"user\":\"ann\",\"namespace\":\"blue\",\"resource\":\"*\",\"apiGroup\":\"apps\",\"readonly\":true}}\n");
        AuthorizationOrder order = byArguments("authorization-mode=ABAC", "authorization-policy-file=" + file);
        assertThat(ask(order, list("")).verdict()).isEqualTo(Verdict.ALLOW);
        Attributes other =
                new Attributes(UserInfo.of("bob"), "list", true, "apps", "v1", "deployments", "", "blue", "", "", "");
        assertThat(ask(order, other).verdict()).isEqualTo(Verdict.NO_OPINION);
        Files.writeString(file, head + "{}}\nnonsense\n");
        assertThatThrownBy(() -> byArguments("authorization-mode=ABAC", "authorization-policy-file=" + file))
                .hasMessageContaining("line 2");
    }
}
