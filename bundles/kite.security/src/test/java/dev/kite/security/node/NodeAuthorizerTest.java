package dev.kite.security.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.security.Attributes;
import dev.kite.api.security.Authorizer.Verdict;
import dev.kite.api.security.UserInfo;
import dev.kite.behaviour.Behaviour;
import dev.kite.security.FakeObjects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeAuthorizerTest {
    private final FakeObjects objects = new FakeObjects();
    private NodeAuthorizer authorizer;

    private static String pod(String node, String phase) {
        return """
            {"metadata":{"name":"p"},"status":{"phase":"%s","resourceClaimStatuses":[{"name":"gpu","resourceClaimName":"gpu-made"}]},
             "spec":{"nodeName":"%s","serviceAccountName":"app",
              "imagePullSecrets":[{"name":"pull"}],
              "initContainers":[{"envFrom":[{"configMapRef":{"name":"init-env"}}]}],
              "containers":[{"env":[{"valueFrom":{"secretKeyRef":{"name":"env-secret"}}},{"valueFrom":{"configMapKeyRef":{"name":"env-map"}}}],"envFrom":[{"secretRef":{"name":"from-secret"}}]}],
              "resourceClaims":[{"name":"gpu","resourceClaimName":"gpu-direct"}],
              "volumes":[{"name":"a","secret":{"secretName":"vol-secret"}},{"name":"b","configMap":{"name":"vol-map"}},
               {"name":"c","persistentVolumeClaim":{"claimName":"data"}},{"name":"scratch","ephemeral":{}},
               {"name":"d","csi":{"nodePublishSecretRef":{"name":"csi-secret"}}},
               {"name":"e","projected":{"sources":[{"secret":{"name":"proj-secret"}},{"configMap":{"name":"proj-map"}},{"serviceAccountToken":{}}]}}]}}
            """.formatted(phase, node);
    }

    @BeforeEach
    void start() {
        objects.put("", "pods", "blue", "p", pod("n1", "Running"));
        objects.put("", "pods", "blue", "q", "{\"metadata\":{\"name\":\"q\"},\"spec\":{\"nodeName\":\"n2\"}}");
        objects.put(
                "",
                "persistentvolumes",
                "",
                "pv1",
                "{\"spec\":{\"claimRef\":{\"namespace\":\"blue\",\"name\":\"data\"},\"csi\":{\"nodeStageSecretRef\":{\"namespace\":\"drivers\",\"name\":\"stage\"}}}}");
        objects.put(
                "",
                "persistentvolumes",
                "",
                "pv2",
                "{\"spec\":{\"claimRef\":{\"namespace\":\"red\",\"name\":\"data\"}}}");
        objects.put("storage.k8s.io", "volumeattachments", "", "va1", "{\"spec\":{\"nodeName\":\"n1\"}}");
        authorizer = new NodeAuthorizer(objects);
    }

    private Attributes ask(
            UserInfo user, String verb, String group, String resource, String namespace, String name, String selector) {
        String[] parts = resource.split("/");
        return new Attributes(
                user,
                verb,
                true,
                group,
                "v1",
                parts[0],
                parts.length > 1 ? parts[1] : "",
                namespace,
                name,
                "",
                selector);
    }

    private boolean allows(
            String node, String verb, String group, String resource, String namespace, String name, String selector) {
        return authorizer
                        .authorize(ask(
                                UserInfo.of("system:node:" + node, "system:nodes"),
                                verb,
                                group,
                                resource,
                                namespace,
                                name,
                                selector))
                        .verdict()
                == Verdict.ALLOW;
    }

    @ParameterizedTest(name = "{0} {1} {3} {5} {6}")
    @CsvSource({
        // node, verb, group, resource, namespace, name, selector, allowed
        "n1, get,  '', secrets, blue, vol-secret, '', true",
        "n1, get,  '', secrets, blue, env-secret, '', true",
        "n1, get,  '', secrets, blue, from-secret, '', true",
        "n1, get,  '', secrets, blue, pull, '', true",
        "n1, get,  '', secrets, blue, csi-secret, '', true",
        "n1, watch, '', secrets, blue, proj-secret, metadata.name=proj-secret, true",
        "n1, list, '', secrets, blue, '', '', false",
        "n1, list, '', secrets, '', '', '', false",
        "n1, get,  '', secrets, drivers, stage, '', true",
        "n2, get,  '', secrets, blue, vol-secret, '', false",
        "n2, get,  '', secrets, drivers, stage, '', false",
        "n1, get,  '', secrets, red, vol-secret, '', false",
        "n1, update, '', secrets, blue, vol-secret, '', false",
        "n1, get,  '', configmaps, blue, init-env, '', true",
        "n1, get,  '', configmaps, blue, env-map, '', true",
        "n1, get,  '', configmaps, blue, vol-map, '', true",
        "n1, get,  '', configmaps, blue, proj-map, '', true",
        "n2, get,  '', configmaps, blue, vol-map, '', false",
        "n1, get,  '', persistentvolumeclaims, blue, data, '', true",
        "n1, get,  '', persistentvolumeclaims, blue, p-scratch, '', true",
        "n1, patch, '', persistentvolumeclaims/status, blue, data, '', true",
        "n1, list, '', persistentvolumeclaims, blue, '', '', false",
        "n2, get,  '', persistentvolumeclaims, blue, data, '', false",
        "n1, get,  '', persistentvolumes, '', pv1, '', true",
        "n1, get,  '', persistentvolumes, '', pv2, '', false",
        "n2, get,  '', persistentvolumes, '', pv1, '', false",
        "n1, get, resource.k8s.io, resourceclaims, blue, gpu-made, '', true",
        "n1, get, resource.k8s.io, resourceclaims, blue, gpu-direct, '', true",
        "n2, get, resource.k8s.io, resourceclaims, blue, gpu-made, '', false",
        "n1, get, storage.k8s.io, volumeattachments, '', va1, '', true",
        "n2, get, storage.k8s.io, volumeattachments, '', va1, '', false",
        "n1, create, '', serviceaccounts/token, blue, app, '', true",
        "n1, create, '', serviceaccounts/token, blue, default, '', false",
        "n2, create, '', serviceaccounts/token, blue, app, '', false",
        "n1, get, '', serviceaccounts, blue, app, '', true",
        "n1, get, coordination.k8s.io, leases, kube-node-lease, n1, '', true",
        "n1, update, coordination.k8s.io, leases, kube-node-lease, n1, '', true",
        "n1, create, coordination.k8s.io, leases, kube-node-lease, '', '', true",
        "n1, update, coordination.k8s.io, leases, kube-node-lease, n2, '', false",
        "n1, get, coordination.k8s.io, leases, kube-system, n1, '', false",
        "n1, list, coordination.k8s.io, leases, kube-node-lease, '', '', false",
        "n1, update, storage.k8s.io, csinodes, '', n1, '', true",
        "n1, update, storage.k8s.io, csinodes, '', n2, '', false",
        "n1, get, '', nodes, '', n1, '', true",
        "n1, get, '', nodes, '', n2, '', false",
        "n1, list, '', nodes, '', '', '', false",
        "n1, watch, '', nodes, '', n1, metadata.name=n1, true",
        "n1, create, '', nodes, '', '', '', true",
        "n1, patch, '', nodes/status, '', n1, '', true",
        "n1, patch, '', nodes/status, '', n2, '', false",
        "n1, delete, '', nodes, '', n1, '', false",
        "n1, get, '', pods, blue, p, '', true",
        "n1, get, '', pods, blue, q, '', false",
        "n1, get, '', pods, blue, gone, '', true",
        "n1, patch, '', pods/status, blue, p, '', true",
        "n1, patch, '', pods/status, blue, q, '', false",
        "n1, list, '', pods, '', '', spec.nodeName=n1, true",
        "n1, watch, '', pods, '', '', 'status.phase!=Failed,spec.nodeName=n1', true",
        "n1, list, '', pods, '', '', spec.nodeName=n2, false",
        "n1, list, '', pods, '', '', '', false",
        "n1, list, '', pods, '', '', spec.nodeName!=n1, false",
        "n1, create, '', pods, blue, '', '', true",
        "n1, delete, '', pods, blue, p, '', true",
        "n1, delete, '', pods, blue, q, '', false",
        "n1, deletecollection, '', pods, blue, '', spec.nodeName=n1, false",
        "n1, create, '', pods/binding, blue, p, '', false",
        "n1, create, '', pods/exec, blue, p, '', false",
        "n1, list, '', services, '', '', '', true",
        "n1, create, '', events, blue, '', '', true",
        "n1, create, authentication.k8s.io, tokenreviews, '', '', '', true",
        "n1, list, apps, deployments, '', '', '', false",
        "n1, list, resource.k8s.io, resourceslices, '', '', spec.nodeName=n1, true",
        "n1, list, resource.k8s.io, resourceslices, '', '', '', false",
    })
    @Behaviour("node authorizer")
    void aNodeSeesWhatItsPodsNeed(
            String node,
            String verb,
            String group,
            String resource,
            String namespace,
            String name,
            String selector,
            boolean allowed) {
        assertThat(allows(node, verb, group, resource, namespace, name, selector))
                .isEqualTo(allowed);
    }

    @Test
    void itSeesNothingMoreWhenThePodIsGoneMovedOrEnded() {
        assertThat(allows("n1", "get", "", "secrets", "blue", "vol-secret", "")).isTrue();
        objects.put("", "pods", "blue", "p", pod("n1", "Succeeded"));
        assertThat(allows("n1", "get", "", "secrets", "blue", "vol-secret", "")).isFalse();
        assertThat(allows("n1", "get", "", "pods", "blue", "p", "")).isTrue();
        objects.put("", "pods", "blue", "p", pod("n2", "Running"));
        assertThat(allows("n1", "get", "", "secrets", "blue", "vol-secret", "")).isFalse();
        assertThat(allows("n2", "get", "", "secrets", "blue", "vol-secret", "")).isTrue();
        objects.remove("", "pods", "blue", "p");
        assertThat(allows("n2", "get", "", "secrets", "blue", "vol-secret", "")).isFalse();
        objects.put("", "pods", "blue", "p", pod("n1", "Running"));
        objects.remove("", "persistentvolumes", "", "pv1");
        assertThat(allows("n1", "get", "", "secrets", "drivers", "stage", "")).isFalse();
    }

    @Test
    void aMirrorPodOpensNoDoors() {
        objects.put(
                "",
                "pods",
                "blue",
                "m",
                "{\"metadata\":{\"name\":\"m\",\"annotations\":{\"kubernetes.io/config.mirror\":\"x\"}},\"spec\":{\"nodeName\":\"n2\",\"volumes\":[{\"secret\":{\"secretName\":\"vol-secret\"}}]}}");
        assertThat(allows("n2", "get", "", "secrets", "blue", "vol-secret", "")).isFalse();
    }

    @Test
    void whoIsNoNodeIsOthersBusiness() {
        for (UserInfo user : new UserInfo[] {
            UserInfo.of("system:node:n1"),
            UserInfo.of("ann", "system:nodes"),
            UserInfo.of("system:node:", "system:nodes")
        }) {
            assertThat(authorizer
                            .authorize(ask(user, "get", "", "secrets", "blue", "vol-secret", ""))
                            .verdict())
                    .isEqualTo(Verdict.NO_OPINION);
        }
        assertThat(authorizer
                        .authorize(ask(
                                UserInfo.of("system:node:n2", "system:nodes"),
                                "get",
                                "",
                                "secrets",
                                "blue",
                                "vol-secret",
                                ""))
                        .reason())
                .isEqualTo("no relationship found between node 'n2' and this object");
    }
}
