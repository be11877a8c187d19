package dev.kite.security.rbac;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.security.Attributes;
import dev.kite.api.security.Authorizer.Decision;
import dev.kite.api.security.Authorizer.Verdict;
import dev.kite.api.security.UserInfo;
import dev.kite.security.FakeObjects;
import dev.kite.security.PolicyRule;
import dev.kite.security.measure.SecurityMetrics;
import dev.kite.security.webhook.AuthorizationOrder.Step;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RbacAuthorizerTest {
    private static final String GROUP = "rbac.authorization.k8s.io";
    private final FakeObjects objects = new FakeObjects();

    private static Attributes ask(UserInfo user, String verb, String resource, String namespace) {
        return new Attributes(user, verb, true, "", "v1", resource, "", namespace, "", "", "");
    }

    private static Attributes path(UserInfo user, String path) {
        return new Attributes(user, "get", false, "", "", "", "", "", "", path, "");
    }

    private void role(String resource, String namespace, String name) {
        objects.put(
                GROUP,
                resource,
                namespace,
                name,
                "{\"rules\":[{\"verbs\":[\"get\",\"list\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\"]}]}");
    }

    private void bind(String resource, String namespace, String name, String roleKind, String role, String subjects) {
        objects.put(
                GROUP,
                resource,
                namespace,
                name,
                "{\"roleRef\":{\"kind\":\"" + roleKind + "\",\"name\":\"" + role + "\"},\"subjects\":[" + subjects
                        + "]}");
    }

    private static final String ANN = "{\"kind\":\"User\",\"name\":\"ann\"}";
    private static final String DEVS = "{\"kind\":\"Group\",\"name\":\"devs\"}";
    private static final String BUILDER = "{\"kind\":\"ServiceAccount\",\"name\":\"builder\",\"namespace\":\"ci\"}";

    @Test
    void aBindingGivesItsRoleWhereItIs() {
        role("clusterroles", "", "reader");
        role("roles", "blue", "reader");
        bind("clusterrolebindings", "", "all", "ClusterRole", "reader", DEVS);
        bind("rolebindings", "blue", "here", "ClusterRole", "reader", ANN + "," + BUILDER);
        RbacAuthorizer rbac = new RbacAuthorizer(objects);
        UserInfo ann = UserInfo.of("ann");
        UserInfo dev = UserInfo.of("bob", "devs");
        UserInfo builder = UserInfo.of("system:serviceaccount:ci:builder");
        assertThat(rbac.authorize(ask(ann, "get", "pods", "blue")).verdict()).isEqualTo(Verdict.ALLOW);
        assertThat(rbac.authorize(ask(builder, "list", "pods", "blue")).verdict())
                .isEqualTo(Verdict.ALLOW);
        assertThat(rbac.authorize(ask(ann, "get", "pods", "red"))).isEqualTo(Decision.NO_OPINION);
        assertThat(rbac.authorize(ask(ann, "get", "pods", ""))).isEqualTo(Decision.NO_OPINION);
        assertThat(rbac.authorize(ask(ann, "get", "secrets", "blue"))).isEqualTo(Decision.NO_OPINION);
        assertThat(rbac.authorize(ask(dev, "get", "pods", "red")).verdict()).isEqualTo(Verdict.ALLOW);
        assertThat(rbac.authorize(ask(dev, "get", "pods", "")))
                .isEqualTo(new Decision(
                        Verdict.ALLOW,
                        "RBAC: allowed by ClusterRoleBinding \"all\" of ClusterRole \"reader\" to Group \"devs\""));
        assertThat(rbac.authorize(ask(UserInfo.of("devs"), "get", "pods", "blue")))
                .isEqualTo(Decision.NO_OPINION);
    }

    @Test
    void changesHoldAtOnce() {
        RbacAuthorizer rbac = new RbacAuthorizer(objects);
        Attributes asked = ask(UserInfo.of("ann"), "get", "pods", "blue");
        bind("rolebindings", "blue", "b", "Role", "reader", ANN + "," + ANN);
        assertThat(rbac.authorize(asked))
                .isEqualTo(
                        new Decision(Verdict.NO_OPINION, "RBAC: role.rbac.authorization.k8s.io \"reader\" not found"));
        role("roles", "blue", "reader");
        assertThat(rbac.authorize(asked).verdict()).isEqualTo(Verdict.ALLOW);
        bind("rolebindings", "blue", "b", "Role", "reader", DEVS);
        assertThat(rbac.authorize(asked).verdict()).isEqualTo(Verdict.NO_OPINION);
        bind("rolebindings", "blue", "b", "Role", "reader", ANN);
        assertThat(rbac.authorize(asked).verdict()).isEqualTo(Verdict.ALLOW);
        objects.remove(GROUP, "rolebindings", "blue", "b");
        assertThat(rbac.authorize(asked).verdict()).isEqualTo(Verdict.NO_OPINION);
        bind("rolebindings", "blue", "b", "Role", "reader", ANN);
        objects.remove(GROUP, "roles", "blue", "reader");
        assertThat(rbac.authorize(asked).verdict()).isEqualTo(Verdict.NO_OPINION);
        rbac.deactivate();
        role("roles", "blue", "reader");
        assertThat(rbac.authorize(asked).verdict()).isEqualTo(Verdict.NO_OPINION);
    }

    @Test
    void everybodyMayLookAroundAndNobodyMoreByDefault() {
        objects.putDefaultRoles();
        RbacAuthorizer rbac = new RbacAuthorizer(objects);
        UserInfo nobody = UserInfo.of("nobody");
        for (String allowed : List.of("/api", "/apis/apps/v1", "/version", "/healthz", "/openapi/v3", "/readyz")) {
            assertThat(rbac.authorize(path(nobody, allowed)).verdict())
                    .as(allowed)
                    .isEqualTo(Verdict.ALLOW);
        }
        for (String refused : List.of("/metrics", "/logs", "/debug/pprof", "/")) {
            assertThat(rbac.authorize(path(nobody, refused)).verdict())
                    .as(refused)
                    .isEqualTo(Verdict.NO_OPINION);
        }
        assertThat(rbac.authorize(ask(nobody, "list", "pods", "default")).verdict())
                .isEqualTo(Verdict.NO_OPINION);
        UserInfo stranger = new UserInfo("system:anonymous", "", List.of(UserInfo.UNAUTHENTICATED), Map.of());
        assertThat(rbac.authorize(path(stranger, "/healthz")).verdict()).isEqualTo(Verdict.ALLOW);
        assertThat(rbac.authorize(path(stranger, "/api")).verdict()).isEqualTo(Verdict.NO_OPINION);
        UserInfo scheduler = UserInfo.of("system:kube-scheduler");
        assertThat(rbac.authorize(ask(scheduler, "create", "bindings", "x")).verdict())
                .isEqualTo(Verdict.ALLOW);
        assertThat(rbac.authorize(ask(scheduler, "get", "secrets", "x")).verdict())
                .isEqualTo(Verdict.NO_OPINION);
    }

    @Test
    void theRulesOfAUserAreThoseOfAllTheirRoles() {
        role("clusterroles", "", "reader");
        bind("rolebindings", "blue", "b", "ClusterRole", "reader", ANN);
        RbacAuthorizer rbac = new RbacAuthorizer(objects);
        assertThat(rbac.rulesFor(UserInfo.of("ann"), "blue"))
                .containsExactly(
                        new PolicyRule(List.of("get", "list"), List.of(""), List.of("pods"), List.of(), List.of()));
        assertThat(rbac.rulesFor(UserInfo.of("ann"), "red")).isEmpty();
    }

    @Test
    void authorizersAreAskedInOrderUntilOneDecides() {
        AuthorizationComponent all = new AuthorizationComponent(
                new RbacAuthorizer(objects),
                () -> List.of(new Step.Node(), new Step.Rbac()),
                () -> false,
                new SecurityMetrics());
        all.bindAuthorizer(
                _ -> new Decision(Verdict.NO_OPINION, "one"), Map.of("service.ranking", 1, "service.id", 1L));
        all.bindAuthorizer(
                _ -> new Decision(Verdict.NO_OPINION, "two"), Map.of("service.ranking", 2, "service.id", 2L));
        Attributes asked = ask(UserInfo.of("ann"), "get", "pods", "blue");
        assertThat(all.authorize(asked)).isEqualTo(new Decision(Verdict.NO_OPINION, "two\none"));
        Map<String, Object> denier = Map.of("service.ranking", 300, "service.id", 3L);
        all.bindAuthorizer(_ -> new Decision(Verdict.DENY, "no"), denier);
        all.bindAuthorizer(new MastersAuthorizer(), Map.of("service.ranking", 200, "service.id", 4L));
        assertThat(all.authorize(ask(UserInfo.of("root", "system:masters"), "get", "pods", "x"))
                        .verdict())
                .isEqualTo(Verdict.DENY);
        all.unbindAuthorizer(denier);
        assertThat(all.authorize(ask(UserInfo.of("root", "system:masters"), "get", "pods", "x"))
                        .verdict())
                .isEqualTo(Verdict.ALLOW);
        assertThat(all.uncovered(
                        UserInfo.of("root", "system:masters"),
                        "",
                        List.of(new PolicyRule(List.of("*"), List.of("*"), List.of("*"), List.of(), List.of()))))
                .isEmpty();
        assertThat(all.uncovered(
                        UserInfo.of("ann"),
                        "",
                        List.of(new PolicyRule(List.of("get"), List.of(""), List.of("pods"), List.of(), List.of()))))
                .hasSize(1);
    }
}
