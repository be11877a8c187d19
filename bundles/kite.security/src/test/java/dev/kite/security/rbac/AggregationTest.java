package dev.kite.security.rbac;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.security.Attributes;
import dev.kite.api.security.Authorizer.Verdict;
import dev.kite.api.security.UserInfo;
import dev.kite.security.FakeObjects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AggregationTest {
    private static final String GROUP = "rbac.authorization.k8s.io";
    private final FakeObjects objects = new FakeObjects();
    private RbacAuthorizer rbac;

    @BeforeEach
    void start() {
        objects.putDefaultRoles();
        for (String role : new String[] {"admin", "edit", "view"}) {
            objects.put(
                    GROUP,
                    "rolebindings",
                    "blue",
                    role,
                    "{\"roleRef\":{\"kind\":\"ClusterRole\",\"name\":\"" + role
                            + "\"},\"subjects\":[{\"kind\":\"User\",\"name\":\"" + role + "\"}]}");
        }
        rbac = new RbacAuthorizer(objects);
    }

    private boolean allows(String user, String verb, String group, String resource) {
        return rbac.authorize(new Attributes(
                                UserInfo.of(user), verb, true, group, "v1", resource, "", "blue", "", "", ""))
                        .verdict()
                == Verdict.ALLOW;
    }

    @Test
    void adminHasWhatEditHasAndEditWhatViewHas() {
        assertThat(allows("view", "list", "", "pods")).isTrue();
        assertThat(allows("view", "list", "", "secrets")).isFalse();
        assertThat(allows("view", "create", "", "pods")).isFalse();
        assertThat(allows("edit", "list", "", "pods")).isTrue();
        assertThat(allows("edit", "list", "", "secrets")).isTrue();
        assertThat(allows("edit", "create", "apps", "deployments")).isTrue();
        assertThat(allows("edit", "create", GROUP, "roles")).isFalse();
        assertThat(allows("admin", "list", "", "configmaps")).isTrue();
        assertThat(allows("admin", "create", "", "pods")).isTrue();
        assertThat(allows("admin", "create", GROUP, "roles")).isTrue();
    }

    @Test
    void aLabelledRoleIsInAtOnceAndOutAgain() {
        assertThat(allows("admin", "get", "example.org", "things")).isFalse();
        String rules = "\"rules\":[{\"verbs\":[\"get\"],\"apiGroups\":[\"example.org\"],\"resources\":[\"things\"]}]}";
        objects.put(
                GROUP,
                "clusterroles",
                "",
                "things",
                "{\"metadata\":{\"labels\":{\"rbac.authorization.k8s.io/aggregate-to-view\":\"true\"}}," + rules);
        assertThat(allows("view", "get", "example.org", "things")).isTrue();
        assertThat(allows("admin", "get", "example.org", "things")).isTrue();
        objects.put(GROUP, "clusterroles", "", "things", "{\"metadata\":{\"labels\":{}}," + rules);
        assertThat(allows("admin", "get", "example.org", "things")).isFalse();
        objects.put(
                GROUP,
                "clusterroles",
                "",
                "things",
                "{\"metadata\":{\"labels\":{\"rbac.authorization.k8s.io/aggregate-to-edit\":\"true\"}}," + rules);
        assertThat(allows("view", "get", "example.org", "things")).isFalse();
        assertThat(allows("admin", "get", "example.org", "things")).isTrue();
        objects.remove(GROUP, "clusterroles", "", "things");
        assertThat(allows("edit", "get", "example.org", "things")).isFalse();
    }

    @Test
    void circlesAndExpressionsAreNoTrouble() {
        for (String[] pair : new String[][] {{"one", "two"}, {"two", "one"}}) {
            objects.put(
                    GROUP,
                    "clusterroles",
                    "",
                    pair[0],
                    "{\"metadata\":{\"labels\":{\"ring\":\"" + pair[0]
                            + "\"}},\"rules\":[{\"verbs\":[\"get\"],\"apiGroups\":[\"\"],\"resources\":[\"r-" + pair[0]
                            + "\"]}],\"aggregationRule\":{\"clusterRoleSelectors\":[{\"matchExpressions\":[{\"key\":\"ring\",\"operator\":\"In\",\"values\":[\""
                            + pair[1] + "\"]},{\"key\":\"off\",\"operator\":\"DoesNotExist\"}]}]}}");
        }
        objects.put(
                GROUP,
                "rolebindings",
                "blue",
                "one",
                "{\"roleRef\":{\"kind\":\"ClusterRole\",\"name\":\"one\"},\"subjects\":[{\"kind\":\"User\",\"name\":\"one\"}]}");
        assertThat(allows("one", "get", "", "r-one")).isTrue();
        assertThat(allows("one", "get", "", "r-two")).isTrue();
        assertThat(new LabelSelector(
                                java.util.List.of(new LabelSelector.Requirement("a", "NotIn", java.util.List.of("x"))))
                        .matches(java.util.Map.of()))
                .isTrue();
        assertThat(new LabelSelector(
                                java.util.List.of(new LabelSelector.Requirement("a", "Exists", java.util.List.of())))
                        .matches(java.util.Map.of()))
                .isFalse();
        assertThat(new LabelSelector(
                                java.util.List.of(new LabelSelector.Requirement("a", "Nonsense", java.util.List.of())))
                        .matches(java.util.Map.of("a", "b")))
                .isFalse();
    }
}
