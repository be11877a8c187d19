package dev.kite.apiserver.subresource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.harness.Api;
import dev.kite.apiserver.harness.Api.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubresourcesTest {
    private static final String PODS = "/api/v1/namespaces/default/pods";

    private Api api;

    @BeforeEach
    void start(@TempDir Path folder) {
        api = new Api(folder);
        api.post("/api/v1/namespaces/default/serviceaccounts", "metadata: {name: default}")
                .expect(201);
        api.post(PODS, "metadata: {name: p, labels: {app: p}}\nspec: {containers: [{name: c, image: i}]}")
                .expect(201);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void aPodIsBoundOnce() {
        String binding = "target: {kind: Node, name: n1}";
        api.post(PODS + "/p/binding", binding).expect(201);
        JsonNode pod = api.get(PODS + "/p").json();
        assertThat(pod.at("/spec/nodeName").asText()).isEqualTo("n1");
        assertThat(pod.at("/metadata/generation").asInt()).isEqualTo(1);
        assertThat(pod.at("/status/conditions/0/type").asText()).isEqualTo("PodScheduled");
        Answer again = api.post(PODS + "/p/binding", binding).expect(409);
        assertThat(again.at("/message"))
                .isEqualTo(
                        "Operation cannot be fulfilled on pods/binding \"p\": pod p is already assigned to node \"n1\"");
        api.post(PODS + "/none/binding", binding).expect(404);
        api.post(PODS + "/p/binding", "target: {kind: Node}").expect(422);
    }

    @Test
    void anEvictionSpendsTheBudgetThatCoversThePod() {
        String budgets = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";
        ObjectNode budget = api.post(
                        budgets, "metadata: {name: b}\nspec: {minAvailable: 1, selector: {matchLabels: {app: p}}}")
                .expect(201)
                .object();
        ObjectNode pod = api.get(PODS + "/p").object();
        pod.withObject("/status").put("phase", "Running");
        api.put(PODS + "/p/status", pod).expect(200);
        Answer waits = api.post(PODS + "/p/eviction", "{}").expect(429);
        assertThat(waits.at("/details/causes/0/reason")).isEqualTo("DisruptionBudget");
        budget.withObject("/status")
                .put("observedGeneration", 1)
                .put("disruptionsAllowed", 1)
                .put("currentHealthy", 2)
                .put("desiredHealthy", 1)
                .put("expectedPods", 2);
        api.put(budgets + "/b/status", budget).expect(200);
        // A pod that isn't ready may go as long as enough others are: it spends nothing.
        api.post(PODS + "/p/eviction", "{}").expect(201);
        assertThat(api.get(budgets + "/b").at("/status/disruptionsAllowed")).isEqualTo("1");
        api.get(PODS + "/p").expect(404);
    }

    @Test
    void aBudgetThatChangedAllowsNothingUntilItsStatusFollows() {
        String budgets = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";
        ObjectNode budget = api.post(
                        budgets, "metadata: {name: b}\nspec: {minAvailable: 2, selector: {matchLabels: {app: p}}}")
                .expect(201)
                .object();
        ObjectNode pod = api.get(PODS + "/p").object();
        pod.withObject("/status").put("phase", "Running");
        api.put(PODS + "/p/status", pod).expect(200);
        budget.withObject("/status")
                .put("observedGeneration", 1)
                .put("disruptionsAllowed", 0)
                .put("currentHealthy", 2)
                .put("desiredHealthy", 2)
                .put("expectedPods", 3);
        api.put(budgets + "/b/status", budget).expect(200);
        api.patch(
                        budgets + "/b",
                        "application/merge-patch+json",
                        "{\"spec\":{\"minAvailable\":null,\"maxUnavailable\":0}}")
                .expect(200);
        Answer waits = api.post(PODS + "/p/eviction", "{}").expect(429);
        assertThat(waits.at("/details/causes/0/reason")).isEqualTo("DisruptionBudget");
        api.get(PODS + "/p").expect(200);
    }

    @Test
    void anEvictedPodSaysWhatEndsIt() {
        api.post(PODS + "/p/binding", "target: {kind: Node, name: n1}").expect(201);
        api.post(PODS + "/p/eviction", "{}").expect(201);
        JsonNode conditions = api.get(PODS + "/p").json().at("/status/conditions");
        assertThat(conditions.findValuesAsText("type")).containsExactly("PodScheduled", "DisruptionTarget");
        assertThat(conditions.get(1).path("reason").asText()).isEqualTo("EvictionByEvictionAPI");
    }

    @Test
    void scaleReadsAndChangesReplicas() {
        api.post("/apis/apps/v1/namespaces/default/deployments", """
                        metadata: {name: web}
                        spec:
                          replicas: 2
                          selector: {matchLabels: {app: web}, matchExpressions: [{key: tier, operator: In, values: [b, a]}]}
                          template:
                            metadata: {labels: {app: web, tier: a}}
                            spec: {containers: [{name: c, image: web}]}
                        """).expect(201);
        String path = "/apis/apps/v1/namespaces/default/deployments/web/scale";
        ObjectNode scale = api.get(path).expect(200).object();
        assertThat(scale.at("/status/selector").asText()).isEqualTo("app=web,tier in (a,b)");
        scale.withObject("/spec").put("replicas", 5);
        assertThat(api.put(path, scale).expect(200).at("/spec/replicas")).isEqualTo("5");
        api.put(path, scale).expect(409);
        api.patch(path, "application/merge-patch+json", "{\"spec\":{\"replicas\":-1}}")
                .expect(422);
    }

    @Test
    void ephemeralContainersAreAddedThroughTheirSubresourceOnly() {
        ObjectNode pod = api.get(PODS + "/p").object();
        pod.withObject("/spec")
                .putArray("ephemeralContainers")
                .addObject()
                .put("name", "debug")
                .put("image", "d");
        ObjectNode other = pod.deepCopy();
        other.withObject("/spec").put("hostname", "else");
        JsonNode changed =
                api.put(PODS + "/p/ephemeralcontainers", other).expect(200).json();
        assertThat(changed.at("/spec/ephemeralContainers/0/name").asText()).isEqualTo("debug");
        assertThat(changed.at("/spec").has("hostname")).isFalse();
    }

    @Test
    void aSigningRequestSaysWhoMadeItAndWhenItWasApproved() {
        String requests = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
        String pem = java.util.Base64.getEncoder()
                .encodeToString("-----BEGIN CERTIFICATE REQUEST-----\nAA==\n-----END CERTIFICATE REQUEST-----\n"
                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        Answer made = api.post(
                requests,
                "metadata: {name: r}\nspec: {username: root, signerName: example.com/s, usages: [client auth], request: "
                        + pem + "}");
        ObjectNode request = made.expect(201).object();
        assertThat(request.at("/spec/username").asText()).isEqualTo("admin");
        request.withObject("/status")
                .putArray("conditions")
                .addObject()
                .put("type", "Approved")
                .put("status", "True");
        request.withObject("/spec").put("username", "other");
        JsonNode approved =
                api.put(requests + "/r/approval", request).expect(200).json();
        assertThat(approved.at("/status/conditions/0/lastUpdateTime").asText()).isEqualTo("2026-11-24T12:00:00Z");
        assertThat(approved.at("/spec/username").asText()).isEqualTo("admin");
    }

    @Test
    void whatASelectorOfAnObjectSelects() {
        ObjectNode pod = api.get(PODS + "/p").object();
        assertThat(Selectors.matches(pod.objectNode(), pod)).isTrue();
        assertThat(Selectors.matches(pod.missingNode(), pod)).isFalse();
        ObjectNode selector = pod.objectNode();
        selector.putArray("matchExpressions")
                .addObject()
                .put("key", "app")
                .put("operator", "NotIn")
                .putArray("values")
                .add("p");
        assertThat(Selectors.matches(selector, pod)).isFalse();
    }
}
