package dev.kite.apiserver.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.apiserver.harness.Api;
import dev.kite.apiserver.harness.Api.Answer;
import java.nio.file.Path;
import java.security.KeyStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked for below objects is shown to webhooks as what it is, as upstream. */
class SubresourceWebhooksTest {
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String REPLICAS = "/apis/apps/v1/namespaces/default/replicasets";

    private static KeyStore keys;
    private HookedApi with;
    private TestWebhook hook;
    private Api api;

    @BeforeAll
    static void certify(@TempDir Path folder) throws Exception {
        keys = TestWebhook.keys(folder);
    }

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        with = new HookedApi(folder, keys);
        hook = with.hook();
        api = with.api();
        api.post("/api/v1/namespaces/default/serviceaccounts", "metadata: {name: default}")
                .expect(201);
        api.post(PODS, "metadata: {name: p, labels: {app: p}}\nspec: {containers: [{name: c, image: i}]}")
                .expect(201);
    }

    @AfterEach
    void stop() {
        with.close();
    }

    private void mutating(String resource, String response) {
        hook.respond("/m", response);
        api.post(
                        "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations",
                        "metadata: {name: m}\nwebhooks: [{name: h.example.com, sideEffects: None, admissionReviewVersions: [v1],"
                                + " rules: [{operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ["
                                + resource + "]}], clientConfig: {url: '" + hook.url("/m") + "', caBundle: "
                                + hook.bundle() + "}}]")
                .expect(201);
    }

    private static String patch(String operations) {
        return "{\"allowed\":true,\"patchType\":\"JSONPatch\",\"patch\":\"" + TestWebhook.patch(operations) + "\"}";
    }

    private JsonNode asked() {
        assertThat(hook.asked).hasSize(1);
        return hook.asked.getFirst().get("request");
    }

    @Test
    void aBindingIsCreatedAndMayBeChanged() {
        mutating(
                "pods/binding",
                patch("[{\"op\":\"add\",\"path\":\"/metadata/labels\",\"value\":{\"from\":\"hook\"}}]"));
        api.post(PODS + "/p/binding", "metadata: {name: p}\ntarget: {kind: Node, name: n1}")
                .expect(201);
        JsonNode request = asked();
        assertThat(request.at("/operation").asText()).isEqualTo("CREATE");
        assertThat(request.at("/kind/kind").asText()).isEqualTo("Binding");
        assertThat(request.at("/subResource").asText()).isEqualTo("binding");
        assertThat(request.at("/object/target/name").asText()).isEqualTo("n1");
        JsonNode pod = api.get(PODS + "/p").json();
        assertThat(pod.at("/spec/nodeName").asText()).isEqualTo("n1");
        assertThat(pod.at("/metadata/labels/from").asText()).isEqualTo("hook");
    }

    @Test
    void anEvictionIsCreatedAndItsPodIsNoDeleteOfTheUsers() {
        mutating("pods, pods/eviction, pods/status", "{\"allowed\":true}");
        api.post(PODS + "/p/eviction", "metadata: {name: p}").expect(201);
        JsonNode request = asked();
        assertThat(request.at("/operation").asText()).isEqualTo("CREATE");
        assertThat(request.at("/kind/group").asText()).isEqualTo("policy");
        assertThat(request.at("/kind/kind").asText()).isEqualTo("Eviction");
        assertThat(request.at("/subResource").asText()).isEqualTo("eviction");
    }

    @Test
    void aRefusedEvictionLeavesThePod() {
        mutating("pods/eviction", "{\"allowed\":false,\"status\":{\"message\":\"stay\"}}");
        Answer refused = api.post(PODS + "/p/eviction", "metadata: {name: p}").expect(400);
        assertThat(refused.at("/message")).isEqualTo("admission webhook \"h.example.com\" denied the request: stay");
        assertThat(api.get(PODS + "/p").expect(200).json().at("/metadata").has("deletionTimestamp"))
                .isFalse();
    }

    @Test
    void aScaleIsSeenAsScaleAndMayBeChanged() {
        api.post(
                        REPLICAS,
                        "metadata: {name: r}\nspec: {replicas: 1, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}}")
                .expect(201);
        mutating("replicasets/scale", patch("[{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":7}]"));
        Answer scaled = api.patch(
                        REPLICAS + "/r/scale", "application/merge-patch+json", "{\"spec\": {\"replicas\": 3}}")
                .expect(200);
        assertThat(scaled.at("/spec/replicas")).isEqualTo("7");
        JsonNode request = asked();
        assertThat(request.at("/kind/kind").asText()).isEqualTo("Scale");
        assertThat(request.at("/object/kind").asText()).isEqualTo("Scale");
        assertThat(request.at("/object/spec/replicas").asInt()).isEqualTo(3);
        assertThat(request.at("/oldObject/spec/replicas").asInt()).isEqualTo(1);
        assertThat(api.get(REPLICAS + "/r").json().at("/spec/replicas").asInt()).isEqualTo(7);
    }
}
