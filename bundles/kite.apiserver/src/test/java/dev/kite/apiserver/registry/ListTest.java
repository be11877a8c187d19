package dev.kite.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.apiserver.harness.Api;
import dev.kite.apiserver.harness.Api.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListTest {
    private static final String MAPS = "/api/v1/namespaces/kube-public/configmaps";
    private static final String PODS = "/api/v1/namespaces/kube-public/pods";

    private Api api;

    @BeforeEach
    void start(@TempDir Path folder) {
        api = new Api(folder);
        for (int i = 0; i < 5; i++) {
            api.post(MAPS, "metadata: {name: m" + i + ", labels: {odd: \"" + (i % 2 == 1) + "\"}}")
                    .expect(201);
        }
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private static List<String> names(JsonNode list) {
        List<String> names = new ArrayList<>();
        list.at("/items").forEach(item -> names.add(item.at("/metadata/name").asText()));
        return names;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void itemsOfBuiltInListsHaveNoKindAndTheirOwnRevision() {
        JsonNode list = api.get(MAPS).expect(200).json();
        assertThat(list.at("/kind").asText()).isEqualTo("ConfigMapList");
        assertThat(names(list)).containsExactly("m0", "m1", "m2", "m3", "m4");
        assertThat(list.at("/items/0").has("kind")).isFalse();
        long first = list.at("/items/0/metadata/resourceVersion").asLong();
        assertThat(list.at("/metadata/resourceVersion").asLong()).isGreaterThan(first);
    }

    @Test
    void pagesAreOfOneRevision() {
        JsonNode one = api.get(MAPS + "?limit=2").expect(200).json();
        assertThat(names(one)).containsExactly("m0", "m1");
        assertThat(one.at("/metadata/remainingItemCount").asInt()).isEqualTo(3);
        api.post(MAPS, "metadata: {name: m11}").expect(201);
        api.delete(MAPS + "/m3").expect(200);
        String token = encode(one.at("/metadata/continue").asText());
        JsonNode two = api.get(MAPS + "?limit=2&continue=" + token).expect(200).json();
        assertThat(names(two)).containsExactly("m2", "m3");
        assertThat(two.at("/metadata/resourceVersion")).isEqualTo(one.at("/metadata/resourceVersion"));
        token = encode(two.at("/metadata/continue").asText());
        JsonNode last = api.get(MAPS + "?limit=2&continue=" + token).expect(200).json();
        assertThat(names(last)).containsExactly("m4");
        assertThat(last.at("/metadata").has("continue")).isFalse();
    }

    @Test
    void aPageWhoseRevisionIsCompactedIsGoneAndSaysHowToGoOn() {
        JsonNode one = api.get(MAPS + "?limit=2").expect(200).json();
        api.post(MAPS, "metadata: {name: m5}").expect(201);
        api.store().compact(api.store().revision());
        Answer gone = api.get(MAPS + "?limit=2&continue="
                        + encode(one.at("/metadata/continue").asText()))
                .expect(410);
        assertThat(gone.at("/reason")).isEqualTo("Expired");
        JsonNode rest = api.get(MAPS + "?continue=" + encode(gone.at("/metadata/continue")))
                .expect(200)
                .json();
        assertThat(names(rest)).containsExactly("m2", "m3", "m4", "m5");
    }

    @Test
    void limitsCountWhatSelectorsMatch() {
        JsonNode one =
                api.get(MAPS + "?limit=1&labelSelector=odd%3Dtrue").expect(200).json();
        assertThat(names(one)).containsExactly("m1");
        String token = encode(one.at("/metadata/continue").asText());
        JsonNode two = api.get(MAPS + "?limit=1&labelSelector=odd%3Dtrue&continue=" + token)
                .expect(200)
                .json();
        assertThat(names(two)).containsExactly("m3");
        assertThat(two.at("/metadata").has("continue")).isFalse();
    }

    @Test
    void aListOfAnExactRevisionShowsThePast() {
        String then = api.get(MAPS).at("/metadata/resourceVersion");
        api.delete(MAPS + "/m0").expect(200);
        assertThat(names(api.get(MAPS + "?resourceVersionMatch=Exact&resourceVersion=" + then)
                        .expect(200)
                        .json()))
                .contains("m0");
        assertThat(names(api.get(MAPS + "?resourceVersion=" + then).expect(200).json()))
                .doesNotContain("m0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "odd=true; m1 m3",
                "odd!=true; m0 m2 m4",
                "odd in (true, false),odd notin (false); m1 m3",
                "!odd; ''",
                "odd; m0 m1 m2 m3 m4"
            })
    void labelsSelect(String selector, String expected) {
        JsonNode list =
                api.get(MAPS + "?labelSelector=" + encode(selector)).expect(200).json();
        assertThat(String.join(" ", names(list))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "spec.nodeName=n; bound",
                "spec.nodeName!=n; free",
                "spec.nodeName=; free",
                "metadata.name=free,status.phase=Pending; free",
                "spec.hostNetwork=false; bound free",
                "spec.hostNetwork=true; ''",
                "spec.restartPolicy==Never; bound"
            })
    void fieldsSelect(String selector, String expected) {
        api.post("/api/v1/namespaces/kube-public/serviceaccounts", "metadata: {name: default}")
                .expect(201);
        api.post(
                        PODS,
                        "metadata: {name: bound}\nspec: {nodeName: n, restartPolicy: Never, containers: [{name: c, image: i}]}")
                .expect(201);
        api.post(PODS, "metadata: {name: free}\nspec: {containers: [{name: c, image: i}]}")
                .expect(201);
        JsonNode list =
                api.get(PODS + "?fieldSelector=" + encode(selector)).expect(200).json();
        assertThat(String.join(" ", names(list))).isEqualTo(expected);
    }

    @Test
    void theListOfOneNameIsOfThatObject() {
        JsonNode list =
                api.get(MAPS + "?fieldSelector=metadata.name%3Dm1").expect(200).json();
        assertThat(names(list)).containsExactly("m1");
        assertThat(list.at("/metadata/resourceVersion").asLong())
                .isEqualTo(api.store().revision());
        assertThat(names(api.get(MAPS + "?fieldSelector=metadata.name%3Dm").json()))
                .isEmpty();
        assertThat(names(api.get(MAPS + "?fieldSelector=metadata.name%3Dm1&labelSelector=odd%3Dfalse")
                        .json()))
                .isEmpty();
        assertThat(names(api.get("/api/v1/configmaps?fieldSelector=metadata.name%3Dm1")
                        .json()))
                .containsExactly("m1");
    }

    @Test
    void allNamespacesAreListedTogether() {
        api.post("/api/v1/namespaces/default/configmaps", "metadata: {name: other}")
                .expect(201);
        assertThat(names(api.get("/api/v1/configmaps").expect(200).json())).contains("m0", "other");
    }

    @Test
    void tablesAndMetadataAreListsToo() {
        JsonNode table = api.get(MAPS, "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
                .expect(200)
                .json();
        assertThat(table.at("/kind").asText()).isEqualTo("Table");
        assertThat(table.at("/rows")).hasSize(5);
        assertThat(table.at("/rows/0/object/kind").asText()).isEqualTo("PartialObjectMetadata");
        JsonNode metadata = api.get(MAPS, "Accept", "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io")
                .expect(200)
                .json();
        assertThat(metadata.at("/kind").asText()).isEqualTo("PartialObjectMetadataList");
        assertThat(metadata.at("/items/0/metadata/name").asText()).isEqualTo("m0");
        api.get(MAPS + "?includeObject=Some", "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
                .expect(400);
    }

    @Test
    void eventsAreOneResourceInTwoVersions() {
        api.post(
                        "/api/v1/namespaces/default/events",
                        "metadata: {name: e}\ninvolvedObject: {kind: Pod, name: p, namespace: default}\nreason: Started\nmessage: hello\ntype: Normal")
                .expect(201);
        JsonNode other = api.get("/apis/events.k8s.io/v1/namespaces/default/events/e")
                .expect(200)
                .json();
        assertThat(other.at("/apiVersion").asText()).isEqualTo("events.k8s.io/v1");
        assertThat(other.at("/note").asText()).isEqualTo("hello");
        assertThat(other.at("/regarding/name").asText()).isEqualTo("p");
        JsonNode list = api.get("/api/v1/events?fieldSelector=involvedObject.name%3Dp,type%3DNormal")
                .json();
        assertThat(names(list)).containsExactly("e");
    }

    @Test
    void eventsAreSelectedBySourceAlsoWhereOnlyTheReporterIsNamed() {
        api.post(
                        "/api/v1/namespaces/default/events",
                        "metadata: {name: old}\ninvolvedObject: {kind: Pod, name: p, namespace: default}\nsource: {component: kubelet}")
                .expect(201);
        api.post("/apis/events.k8s.io/v1/namespaces/default/events", """
                metadata: {name: new}
                regarding: {kind: Pod, name: p, namespace: default}
                eventTime: "2026-11-24T12:00:00.000000Z"
                reportingController: example.com/reporter
                reportingInstance: one
                action: Do
                reason: Done
                type: Normal
                """).expect(201);
        assertThat(names(
                        api.get("/api/v1/events?fieldSelector=source%3Dkubelet").json()))
                .containsExactly("old");
        assertThat(names(api.get("/api/v1/events?fieldSelector=source%3Dexample.com/reporter")
                        .json()))
                .containsExactly("new");
        assertThat(names(api.get(
                                "/api/v1/events?fieldSelector=reportingComponent%3Dexample.com/reporter,source.component%3D")
                        .json()))
                .containsExactly("new");
    }

    @Test
    void autoscalersConvertBetweenVersions() {
        String body = """
                metadata: {name: h}
                spec:
                  maxReplicas: 3
                  targetCPUUtilizationPercentage: 70
                  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
                """;
        api.post("/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers", body)
                .expect(201);
        JsonNode second = api.get("/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers/h")
                .expect(200)
                .json();
        assertThat(second.at("/spec/metrics/0/resource/target/averageUtilization")
                        .asInt())
                .isEqualTo(70);
        JsonNode first = api.get("/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers/h")
                .expect(200)
                .json();
        assertThat(first.at("/spec/targetCPUUtilizationPercentage").asInt()).isEqualTo(70);
        assertThat(first.at("/spec").has("metrics")).isFalse();
    }
}
