package dev.kite.apiserver.patch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.apiserver.harness.Api;
import dev.kite.apiserver.harness.Api.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatchTest {
    private static final String JSON = "application/json-patch+json";
    private static final String MERGE = "application/merge-patch+json";
    private static final String STRATEGIC = "application/strategic-merge-patch+json";
    private static final String APPLY = "application/apply-patch+yaml";
    private static final String WEB = "/apis/apps/v1/namespaces/default/deployments/web";
    private static final String MAP = "/api/v1/namespaces/default/configmaps/one";

    private Api api;

    @BeforeEach
    void start(@TempDir Path folder) {
        api = new Api(folder);
        api.post("/api/v1/namespaces/default/configmaps", "metadata: {name: one}\ndata: {a: b}")
                .expect(201);
        api.post("/apis/apps/v1/namespaces/default/deployments", """
                        metadata: {name: web}
                        spec:
                          replicas: 1
                          selector: {matchLabels: {app: web}}
                          template:
                            metadata: {labels: {app: web}}
                            spec: {containers: [{name: a, image: a:1}, {name: b, image: b:1}]}
                        """).expect(201);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void eachSortOfPatchDoesItsWay() {
        assertThat(api.patch(MAP, MERGE, "{\"data\":{\"a\":null,\"c\":\"d\"}}")
                        .expect(200)
                        .json()
                        .at("/data")
                        .toString())
                .isEqualTo("{\"c\":\"d\"}");
        assertThat(api.patch(MAP, JSON, "[{\"op\":\"add\",\"path\":\"/data/e\",\"value\":\"f\"}]")
                        .expect(200)
                        .at("/data/e"))
                .isEqualTo("f");
        JsonNode web = api.patch(
                        WEB,
                        STRATEGIC,
                        "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"b\",\"image\":\"b:2\"}]}}}}")
                .expect(200)
                .json();
        assertThat(web.at("/spec/template/spec/containers")).hasSize(2);
        assertThat(web.at("/spec/template/spec/containers/1/image").asText()).isEqualTo("b:2");
    }

    @Test
    void aPatchThatDoesNotFitSaysSo() {
        api.patch(MAP, JSON, "[{\"op\":\"test\",\"path\":\"/data/a\",\"value\":\"x\"}]")
                .expect(422);
        api.patch(MAP, JSON, "{\"op\":\"add\"}").expect(400);
        api.patch(MAP, MERGE, "[1").expect(400);
        api.patch(MAP, "application/json", "{}").expect(415);
        api.patch(MAP + "0", MERGE, "{}").expect(404);
        assertThat(api.patch(MAP, MERGE, "{\"metadata\":{\"name\":\"two\"}}").code())
                .isBetween(400, 422);
        assertThat(api.patch(MAP, MERGE, "{\"data\":{\"a\":1}}").expect(400).at("/reason"))
                .isEqualTo("BadRequest");
    }

    @Test
    void aPatchOfAnOldRevisionIsAConflict() {
        api.patch(MAP, MERGE, "{\"metadata\":{\"resourceVersion\":\"1\"},\"data\":{\"a\":\"c\"}}")
                .expect(409);
    }

    @Test
    void patchesAtTheSameMomentAllArrive() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> all = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                String body = "{\"data\":{\"k" + i + "\":\"v\"}}";
                all.add(threads.submit(() -> api.patch(MAP, MERGE, body)));
            }
            for (Future<Answer> one : all) {
                one.get().expect(200);
            }
        }
        assertThat(api.get(MAP).json().at("/data")).hasSize(13);
    }

    @Test
    void anApplyCreatesChangesAndTakesBackWhatIsItsOwn() {
        String path = "/api/v1/namespaces/default/configmaps/applied?fieldManager=me";
        String head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: applied}\n";
        api.patch(path, APPLY, head + "data: {a: b, c: d}").expect(201);
        api.patch("/api/v1/namespaces/default/configmaps/applied", MERGE, "{\"data\":{\"e\":\"f\"}}")
                .expect(200);
        JsonNode second =
                api.patch(path, APPLY, head + "data: {a: b}").expect(200).json();
        assertThat(second.at("/data").toString()).isEqualTo("{\"a\":\"b\",\"e\":\"f\"}");
        long before = api.store().revision();
        api.patch(path, APPLY, head + "data: {a: b}").expect(200);
        assertThat(api.store().revision())
                .as("an apply of the same writes nothing")
                .isEqualTo(before);
    }

    @Test
    void anApplyOfWhatOthersOwnIsAConflictUnlessForced() {
        String head = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n";
        String config = head + "spec: {replicas: 5}";
        Answer refused = api.patch(WEB + "?fieldManager=me", APPLY, config).expect(409);
        assertThat(refused.at("/details/causes/0/reason")).isEqualTo("FieldManagerConflict");
        assertThat(refused.at("/details/causes/0/field")).isEqualTo(".spec.replicas");
        assertThat(api.patch(WEB + "?fieldManager=me&force=true", APPLY, config)
                        .expect(200)
                        .at("/spec/replicas"))
                .isEqualTo("5");
    }

    @Test
    void anApplyNeedsAManagerAndAWholeObject() {
        assertThat(api.patch(MAP, APPLY, "apiVersion: v1\nkind: ConfigMap")
                        .expect(422)
                        .at("/message"))
                .contains("fieldManager: Required value: is required for apply patch");
        api.patch(MAP + "?fieldManager=me", APPLY, "data: {a: b}").expect(400);
        api.patch(MAP + "?fieldManager=me", APPLY, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: two}")
                .expect(400);
    }
}
