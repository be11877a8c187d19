package dev.kite.apiserver.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.api.security.UserInfo;
import dev.kite.apiserver.harness.Api;
import dev.kite.apiserver.harness.Api.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdmissionTest {
    private static final String PODS = "/api/v1/namespaces/default/pods";

    private Api api;

    @BeforeEach
    void start(@TempDir Path folder) {
        api = new Api(folder);
        api.post("/api/v1/namespaces/default/serviceaccounts", "metadata: {name: default}")
                .expect(201);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private Answer pod(String name, String more) {
        return api.post(PODS, "metadata: {name: " + name + "}\nspec: {containers: [{name: c, image: i}]" + more + "}");
    }

    @Test
    void podsFindTheirAccountsToken() {
        JsonNode pod = pod("p", "").expect(201).json();
        assertThat(pod.at("/spec/serviceAccountName").asText()).isEqualTo("default");
        assertThat(pod.at("/spec/volumes/0/name").asText()).startsWith("kube-api-access-");
        assertThat(pod.at("/spec/volumes/0/projected/sources")).hasSize(3);
        assertThat(pod.at("/spec/containers/0/volumeMounts/0/mountPath").asText())
                .isEqualTo("/var/run/secrets/kubernetes.io/serviceaccount");
        assertThat(pod("q", ", automountServiceAccountToken: false")
                        .expect(201)
                        .json()
                        .at("/spec")
                        .has("volumes"))
                .isFalse();
        assertThat(pod("r", ", serviceAccountName: none").expect(403).at("/message"))
                .isEqualTo(
                        "pods \"r\" is forbidden: error looking up service account default/none: serviceaccount \"none\""
                                + " not found");
    }

    @Test
    void podsGetPriorityAndTolerations() {
        JsonNode pod = pod("p", ", priorityClassName: system-node-critical")
                .expect(201)
                .json();
        assertThat(pod.at("/spec/priority").asInt()).isEqualTo(2_000_001_000);
        assertThat(pod.at("/spec/tolerations")).hasSize(2);
        pod("q", ", priorityClassName: none").expect(403);
        pod("r", ", priority: 7").expect(403);
    }

    @Test
    void limitRangesGiveDefaultsAndBounds() {
        api.post("/api/v1/namespaces/default/limitranges", """
                        metadata: {name: l}
                        spec: {limits: [{type: Container, default: {cpu: 500m}, defaultRequest: {cpu: 100m}, max: {cpu: "1"}}]}
                        """).expect(201);
        JsonNode pod = pod("p", "").expect(201).json();
        assertThat(pod.at("/spec/containers/0/resources").toString())
                .isEqualTo("{\"limits\":{\"cpu\":\"500m\"},\"requests\":{\"cpu\":\"100m\"}}");
        Answer refused = api.post(
                        PODS,
                        "metadata: {name: q}\nspec: {containers: [{name: c, image: i, resources: {limits: {cpu: 2}}}]}")
                .expect(403);
        assertThat(refused.at("/message")).contains("maximum cpu usage per Container is 1, but limit is 2");
    }

    @Test
    void claimsGetTheDefaultClassAndAreProtected() {
        api.post("/apis/storage.k8s.io/v1/storageclasses", """
                        metadata: {name: fast, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
                        provisioner: example.com/fast
                        """).expect(201);
        JsonNode claim = api.post(
                        "/api/v1/namespaces/default/persistentvolumeclaims",
                        "metadata: {name: c}\nspec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}")
                .expect(201)
                .json();
        assertThat(claim.at("/spec/storageClassName").asText()).isEqualTo("fast");
        assertThat(claim.at("/metadata/finalizers/0").asText()).isEqualTo("kubernetes.io/pvc-protection");
    }

    @Test
    void aKubeletWritesItsOwnOnly() {
        api.user(UserInfo.of("system:node:n1", "system:nodes"));
        api.post("/api/v1/nodes", "metadata: {name: n1}").expect(201);
        api.post("/api/v1/nodes", "metadata: {name: n2}").expect(403);
        assertThat(api.patch(
                                "/api/v1/nodes/n1",
                                "application/merge-patch+json",
                                "{\"metadata\":{\"labels\":{\"node-role.kubernetes.io/control-plane\":\"\"}}}")
                        .code())
                .isEqualTo(403);
        pod("p", "").expect(403);
        api.post(
                        "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases",
                        "metadata: {name: n2}\nspec: {leaseDurationSeconds: 40}")
                .expect(403);
    }

    @Test
    void newNodesAreTaintedUntilTheyAreReady() {
        JsonNode node =
                api.post("/api/v1/nodes", "metadata: {name: n1}").expect(201).json();
        assertThat(node.at("/spec/taints/0/key").asText()).isEqualTo("node.kubernetes.io/not-ready");
    }

    @Test
    void runtimeClassesMustBeThere() {
        assertThat(pod("p", ", runtimeClassName: gvisor").expect(403).at("/message"))
                .isEqualTo("pods \"p\" is forbidden: pod rejected: RuntimeClass \"gvisor\" not found");
    }
}
