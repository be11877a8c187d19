package dev.kite.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.harness.Api;
import dev.kite.apiserver.harness.Api.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectsTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";

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

    private Answer map(String name) {
        return api.post(MAPS, "metadata: {name: " + name + ", labels: {app: " + name + "}}\ndata: {a: b}");
    }

    private static String deployment(int replicas) {
        return """
                metadata: {name: web}
                spec:
                  replicas: %d
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec: {containers: [{name: c, image: web}]}
                """.formatted(replicas);
    }

    @Test
    void whatIsCreatedIsReadBack() {
        Answer created = map("one").expect(201);
        assertThat(created.at("/metadata/uid")).hasSize(36);
        assertThat(created.at("/metadata/creationTimestamp")).isEqualTo("2026-11-24T12:00:00Z");
        assertThat(api.get(MAPS + "/one").expect(200).json()).isEqualTo(created.json());
    }

    @Test
    void aNameIsTakenOnce() {
        map("one").expect(201);
        Answer again = map("one").expect(409);
        assertThat(again.at("/reason")).isEqualTo("AlreadyExists");
        assertThat(again.at("/message")).isEqualTo("configmaps \"one\" already exists");
        assertThat(again.at("/details/kind")).isEqualTo("configmaps");
    }

    @Test
    void whatIsAbsentIsNotFoundInTheWordsOfItsGroup() {
        Answer answer = api.get(DEPLOYMENTS + "/none").expect(404);
        assertThat(answer.at("/message")).isEqualTo("deployments.apps \"none\" not found");
        assertThat(answer.at("/details/group")).isEqualTo("apps");
        assertThat(api.get("/apis/apps/v1/namespaces/default/nothings")
                        .expect(404)
                        .at("/message"))
                .isEqualTo("the server could not find the requested resource");
    }

    @Test
    void aWriteOnAnOldRevisionIsAConflict() {
        ObjectNode old = map("one").expect(201).object();
        ObjectNode newer = old.deepCopy();
        newer.withObject("/data").put("a", "c");
        api.put(MAPS + "/one", newer).expect(200);
        Answer refused = api.put(MAPS + "/one", old).expect(409);
        assertThat(refused.at("/message"))
                .isEqualTo(
                        "Operation cannot be fulfilled on configmaps \"one\": the object has been modified; please apply"
                                + " your changes to the latest version and try again");
    }

    @Test
    void anUpdateThatChangesNothingWritesNothing() {
        ObjectNode object = map("one").expect(201).object();
        long before = api.store().revision();
        assertThat(api.put(MAPS + "/one", object).expect(200).json()).isEqualTo(object);
        assertThat(api.store().revision()).isEqualTo(before);
    }

    @Test
    void generatedNamesDiffer() {
        String body = "{\"metadata\":{\"generateName\":\"job-\"}}";
        String one = api.post(MAPS, body).expect(201).at("/metadata/name");
        String two = api.post(MAPS, body).expect(201).at("/metadata/name");
        assertThat(one).startsWith("job-").hasSize(9).isNotEqualTo(two);
    }

    @Test
    void aDeleteTellsWhatIsGone() {
        String uid = map("one").expect(201).at("/metadata/uid");
        Answer gone = api.delete(MAPS + "/one").expect(200);
        assertThat(gone.at("/status")).isEqualTo("Success");
        assertThat(gone.at("/details/uid")).isEqualTo(uid);
        api.get(MAPS + "/one").expect(404);
    }

    @Test
    void aDeleteOfAnotherObjectOfThatNameIsAConflict() {
        map("one").expect(201);
        api.delete(MAPS + "/one", "{\"preconditions\":{\"uid\":\"other\"}}").expect(409);
        api.get(MAPS + "/one").expect(200);
    }

    @Test
    void aDryRunStoresNothing() {
        api.post(MAPS + "?dryRun=All", "metadata: {name: one}").expect(201);
        api.get(MAPS + "/one").expect(404);
        map("one").expect(201);
        api.delete(MAPS + "/one?dryRun=All").expect(200);
        api.get(MAPS + "/one").expect(200);
        api.post(MAPS + "?dryRun=Some", "metadata: {name: two}").expect(422);
    }

    @Test
    void statusIsWrittenThroughItsSubresourceOnly() {
        ObjectNode object = api.post(DEPLOYMENTS, deployment(1)).expect(201).object();
        object.withObject("/status").put("replicas", 1);
        assertThat(api.put(DEPLOYMENTS + "/web", object)
                        .expect(200)
                        .json()
                        .at("/status/replicas")
                        .isMissingNode())
                .isTrue();
        object.withObject("/spec").put("replicas", 9);
        Answer written = api.put(DEPLOYMENTS + "/web/status", object).expect(200);
        assertThat(written.at("/status/replicas")).isEqualTo("1");
        assertThat(written.at("/spec/replicas")).isEqualTo("1");
    }

    @Test
    void generationCountsChangesOfTheSpec() {
        ObjectNode object = api.post(DEPLOYMENTS, deployment(1)).expect(201).object();
        assertThat(object.at("/metadata/generation").asInt()).isEqualTo(1);
        object.withObject("/metadata/labels").put("a", "b");
        object = api.put(DEPLOYMENTS + "/web", object).expect(200).object();
        assertThat(object.at("/metadata/generation").asInt()).isEqualTo(1);
        object.withObject("/spec").put("replicas", 2);
        assertThat(api.put(DEPLOYMENTS + "/web", object).expect(200).at("/metadata/generation"))
                .isEqualTo("2");
    }

    @Test
    void anImmutableFieldIsRefusedByName() {
        ObjectNode object = api.post(DEPLOYMENTS, deployment(1)).expect(201).object();
        object.at("/spec/selector/matchLabels");
        object.withObject("/spec/selector/matchLabels").put("app", "other");
        object.withObject("/spec/template/metadata/labels").put("app", "other");
        Answer refused = api.put(DEPLOYMENTS + "/web", object).expect(422);
        assertThat(refused.at("/details/causes/0/field")).isEqualTo("spec.selector");
        assertThat(refused.at("/message")).startsWith("Deployment.apps \"web\" is invalid: spec.selector: ");
    }

    @Test
    void aBoundPodStaysUntilItsKubeletEndsIt() {
        api.post(PODS, "metadata: {name: p}\nspec: {nodeName: n, containers: [{name: c, image: i}]}")
                .expect(201);
        Answer first = api.delete(PODS + "/p").expect(200);
        assertThat(first.at("/metadata/deletionGracePeriodSeconds")).isEqualTo("30");
        assertThat(first.at("/metadata/deletionTimestamp")).isEqualTo("2026-11-24T12:00:30Z");
        api.get(PODS + "/p").expect(200);
        assertThat(api.delete(PODS + "/p", "{\"gracePeriodSeconds\":5}")
                        .expect(200)
                        .at("/metadata/deletionTimestamp"))
                .isEqualTo("2026-11-24T12:00:05Z");
        api.delete(PODS + "/p", "{\"gracePeriodSeconds\":0}").expect(200);
        api.get(PODS + "/p").expect(404);
    }

    @Test
    void aPodOnNoNodeGoesAtOnce() {
        api.post(PODS, "metadata: {name: p}\nspec: {containers: [{name: c, image: i}]}")
                .expect(201);
        assertThat(api.delete(PODS + "/p").expect(200).at("/kind")).isEqualTo("Pod");
        api.get(PODS + "/p").expect(404);
    }

    @Test
    void finalizersHoldAnObjectUntilTheLastIsGone() {
        api.post(MAPS, "metadata: {name: one, finalizers: [example.com/hold]}").expect(201);
        Answer held = api.delete(MAPS + "/one").expect(200);
        assertThat(held.at("/metadata/deletionTimestamp")).isNotEmpty();
        ObjectNode object = api.get(MAPS + "/one").expect(200).object();
        object.withObject("/metadata").remove("finalizers");
        api.put(MAPS + "/one", object).expect(200);
        api.get(MAPS + "/one").expect(404);
    }

    @Test
    void propagationPoliciesBecomeFinalizers() {
        api.post(DEPLOYMENTS, deployment(1)).expect(201);
        Answer held = api.delete(DEPLOYMENTS + "/web", "{\"propagationPolicy\":\"Foreground\"}")
                .expect(202);
        assertThat(held.at("/metadata/finalizers/0")).isEqualTo("foregroundDeletion");
        assertThat(api.delete(DEPLOYMENTS + "/web", "{\"propagationPolicy\":\"Orphan\"}")
                        .at("/metadata/finalizers/0"))
                .isEqualTo("orphan");
        api.delete(DEPLOYMENTS + "/web", "{\"propagationPolicy\":\"Sideways\"}").expect(422);
    }

    @Test
    void aTerminatingNamespaceTakesNothingNewAndGoesWhenItIsFinalized() {
        api.post("/api/v1/namespaces", "metadata: {name: n}").expect(201);
        Answer leaving = api.delete("/api/v1/namespaces/n").expect(200);
        assertThat(leaving.at("/status/phase")).isEqualTo("Terminating");
        Answer refused = api.post("/api/v1/namespaces/n/configmaps", "metadata: {name: one}")
                .expect(403);
        assertThat(refused.at("/details/causes/0/reason")).isEqualTo("NamespaceTerminating");
        ObjectNode namespace = leaving.object();
        namespace.withObject("/spec").putArray("finalizers");
        api.put("/api/v1/namespaces/n/finalize", namespace).expect(200);
        api.get("/api/v1/namespaces/n").expect(404);
        api.delete("/api/v1/namespaces/kube-system").expect(403);
    }

    @Test
    void aCollectionIsDeletedBySelector() {
        map("one").expect(201);
        map("two").expect(201);
        Answer deleted = api.delete(MAPS + "?labelSelector=app%3Done").expect(200);
        assertThat(deleted.json().at("/items")).hasSize(1);
        api.get(MAPS + "/one").expect(404);
        api.get(MAPS + "/two").expect(200);
    }

    @Test
    void whatWasWrittenIsThereAfterARestart(@TempDir Path other) {
        ObjectNode before;
        try (Api first = new Api(other)) {
            first.post(MAPS, "metadata: {name: one}\ndata: {a: b}").expect(201);
            before = first.get(MAPS + "/one").object();
        }
        try (Api second = new Api(other)) {
            assertThat(second.get(MAPS + "/one").expect(200).json()).isEqualTo(before);
        }
    }
}
