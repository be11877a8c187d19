package dev.kite.apiserver.patch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.apiserver.harness.Api;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who owns what of an object that was created, as kube-apiserver 1.36.2 has it. */
class CreationOwnersTest {
    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: till, labels: {app: till}}
            spec:
              selector: {matchLabels: {app: till}}
              strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}
              template:
                metadata: {labels: {app: till}}
                spec: {containers: [{name: till, image: 'till:1'}]}
            """;

    private static JsonNode fields(JsonNode object) {
        return object.at("/metadata/managedFields/0/fieldsV1");
    }

    @Test
    void nobodyOwnsAsSuchWhatEveryObjectOfAKindHas(@TempDir Path folder) {
        try (Api api = new Api(folder)) {
            JsonNode made = api.post("/apis/apps/v1/namespaces/default/deployments", DEPLOYMENT)
                    .expect(201)
                    .json();

            JsonNode spec = fields(made).path("f:spec");
            assertThat(spec.has(".")).isFalse();
            assertThat(spec.path("f:template").has(".")).isFalse();
            assertThat(spec.at("/f:template/f:spec/f:containers").has(".")).isFalse();
            assertThat(spec.at("/f:template/f:spec/f:containers/k:{\"name\":\"till\"}")
                            .has("."))
                    .isTrue();
            assertThat(spec.at("/f:strategy/f:rollingUpdate").has(".")).isTrue();
            assertThat(fields(made).at("/f:metadata/f:labels").has(".")).isTrue();
        }
    }

    @Test
    void nobodyOwnsWhatAdmissionAddsToANewObject(@TempDir Path folder) {
        try (Api api = new Api(folder)) {
            JsonNode made = api.post("/api/v1/namespaces/default/persistentvolumeclaims", """
                            apiVersion: v1
                            kind: PersistentVolumeClaim
                            metadata: {name: till}
                            spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
                            """)
                    .expect(201)
                    .json();

            assertThat(made.at("/metadata/finalizers/0").asText()).isEqualTo("kubernetes.io/pvc-protection");
            assertThat(fields(made).at("/f:metadata").has("f:finalizers")).isFalse();
            assertThat(fields(made).at("/f:spec").has("f:accessModes")).isTrue();
        }
    }

    @Test
    void aSurgeOfZeroStaysZero(@TempDir Path folder) {
        try (Api api = new Api(folder)) {
            api.post("/apis/apps/v1/namespaces/default/deployments", DEPLOYMENT).expect(201);

            JsonNode kept = api.get("/apis/apps/v1/namespaces/default/deployments/till")
                    .expect(200)
                    .json();

            assertThat(kept.at("/spec/strategy/rollingUpdate/maxSurge").intValue())
                    .isZero();
            assertThat(kept.at("/spec/strategy/rollingUpdate/maxSurge").isNumber())
                    .isTrue();
        }
    }
}
