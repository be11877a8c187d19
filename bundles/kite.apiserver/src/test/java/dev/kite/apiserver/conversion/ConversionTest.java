package dev.kite.apiserver.conversion;

import static dev.kite.apiserver.conversion.ConversionFixture.DEFINITIONS;
import static dev.kite.apiserver.conversion.ConversionFixture.V1;
import static dev.kite.apiserver.conversion.ConversionFixture.V2;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.harness.Api;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.webhook.TestWebhook;
import dev.kite.behaviour.Behaviour;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objects in several versions, converted by their definition's webhook. */
@Behaviour("multiple versions with conversion webhooks")
class ConversionTest {
    private static KeyStore keys;
    private ConversionFixture with;
    private Api api;

    @BeforeAll
    static void certify(@TempDir Path folder) throws Exception {
        keys = TestWebhook.keys(folder);
    }

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        with = new ConversionFixture(folder, keys);
        api = with.api;
    }

    @AfterEach
    void stop() {
        with.close();
    }

    @Test
    void anObjectIsStoredInTheStorageVersionAndReadInEach() {
        with.define("v2");
        JsonNode made = with.v1("one", "a:1").expect(201).json();
        assertThat(made.at("/apiVersion").asText()).isEqualTo("example.com/v1");
        assertThat(made.at("/spec/hostPort").asText()).isEqualTo("a:1");
        assertThat(made.at("/spec/color").asText()).isEqualTo("red");
        JsonNode stored = with.stored("one");
        assertThat(stored.at("/apiVersion").asText()).isEqualTo("example.com/v2");
        assertThat(stored.at("/spec/host").asText()).isEqualTo("a");
        assertThat(stored.at("/spec").has("extra")).isFalse();
        JsonNode v2 = api.get(V2 + "/one").expect(200).json();
        assertThat(v2.at("/spec/port").asText()).isEqualTo("1");
        assertThat(v2.at("/metadata/uid")).isEqualTo(made.at("/metadata/uid"));
        assertThat(v2.at("/metadata/resourceVersion")).isEqualTo(made.at("/metadata/resourceVersion"));
        JsonNode v1 = api.get(V1 + "/one").expect(200).json();
        assertThat(v1.at("/spec/hostPort").asText()).isEqualTo("a:1");
        assertThat(v1.at("/spec").has("extra")).isFalse();
    }

    @Test
    void theWebhookIsAskedAsUpstreamAsks() {
        with.define("v2");
        with.v1("one", "a:1").expect(201);
        ObjectNode review = with.hook.asked.getFirst();
        assertThat(review.at("/kind").asText()).isEqualTo("ConversionReview");
        assertThat(review.at("/apiVersion").asText()).isEqualTo("apiextensions.k8s.io/v1");
        assertThat(review.at("/request/desiredAPIVersion").asText()).isEqualTo("example.com/v2");
        assertThat(review.at("/request/uid").asText()).isNotEmpty();
        assertThat(review.at("/request/objects")).hasSize(1);
        JsonNode object = review.at("/request/objects/0");
        assertThat(object.at("/apiVersion").asText()).isEqualTo("example.com/v1");
        assertThat(object.at("/metadata/uid").asText()).isNotEmpty();
        assertThat(object.at("/metadata").has("resourceVersion")).isFalse();
    }

    @Test
    void objectsInTheVersionOfTheirStorageNeedNoWebhook() {
        with.define("v2");
        with.v2("one", "a", "1").expect(201);
        api.get(V2 + "/one").expect(200);
        api.get(V2).expect(200);
        api.patch(V2 + "/one", "application/merge-patch+json", "{\"spec\":{\"port\":\"2\"}}")
                .expect(200);
        api.delete(V2 + "/one").expect(200);
        assertThat(with.hook.asked).isEmpty();
    }

    @Test
    void theWebhookIsAskedForAListAtOnceAndForWhatChangedAlone() {
        with.define("v2");
        for (int i = 0; i < 20; i++) {
            with.v2("r" + i, "a", "" + i).expect(201);
        }
        JsonNode list = api.get(V1).expect(200).json();
        assertThat(list.at("/items")).hasSize(20);
        assertThat(list.at("/apiVersion").asText()).isEqualTo("example.com/v1");
        list.at("/items")
                .forEach(item -> assertThat(item.at("/spec/hostPort").asText()).startsWith("a:"));
        assertThat(with.hook.asked).hasSize(1);
        assertThat(with.hook.asked.getFirst().at("/request/objects")).hasSize(20);
        api.patch(V2 + "/r7", "application/merge-patch+json", "{\"spec\":{\"port\":\"77\"}}")
                .expect(200);
        assertThat(api.get(V1).expect(200).text()).contains("\"a:77\"");
        assertThat(with.hook.asked).hasSize(2);
        assertThat(with.hook.asked.get(1).at("/request/objects")).hasSize(1);
    }

    @Test
    void listsAreSelectedAndShownAsTheVersionThatIsAskedForHasThem() {
        with.define("v2");
        with.v2("one", "a", "1").expect(201);
        with.v2("two", "b", "2").expect(201);
        assertThat(api.get(V1 + "?fieldSelector=spec.hostPort%3Db:2")
                        .expect(200)
                        .json()
                        .at("/items"))
                .hasSize(1);
        assertThat(api.get(V2 + "?fieldSelector=spec.host%3Da")
                        .expect(200)
                        .json()
                        .at("/items"))
                .hasSize(1);
        JsonNode table = api.get(V2, "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
                .expect(200)
                .json();
        assertThat(table.at("/rows/1/cells/1").asText()).isEqualTo("b");
        JsonNode page = api.get(V1 + "?limit=1").expect(200).json();
        assertThat(page.at("/items/0/spec/hostPort").asText()).isEqualTo("a:1");
        assertThat(page.at("/metadata/remainingItemCount").asInt()).isEqualTo(1);
    }

    @Test
    void objectsStoredBeforeTheStorageVersionChangedStayReadable() {
        with.define("v1");
        with.v1("old", "a:1").expect(201);
        with.store("v2");
        with.v1("new", "b:2").expect(201);
        assertThat(with.stored("old").at("/apiVersion").asText()).isEqualTo("example.com/v1");
        assertThat(with.stored("new").at("/apiVersion").asText()).isEqualTo("example.com/v2");
        JsonNode definition =
                api.get(DEFINITIONS + "/routes.example.com").expect(200).json();
        assertThat(definition.at("/status/storedVersions").toString()).isEqualTo("[\"v1\",\"v2\"]");
        JsonNode list = api.get(V2).expect(200).json();
        assertThat(list.at("/items/0/spec/host").asText()).isEqualTo("b");
        assertThat(list.at("/items/1/spec/host").asText()).isEqualTo("a");
        // A write that changes nothing is how objects are brought into a new storage version.
        String before = api.get(V1 + "/old").expect(200).at("/metadata/resourceVersion");
        JsonNode same =
                api.put(V1 + "/old", api.get(V1 + "/old").json()).expect(200).json();
        assertThat(same.at("/metadata/resourceVersion").asText()).isNotEqualTo(before);
        assertThat(with.stored("old").at("/apiVersion").asText()).isEqualTo("example.com/v2");
        JsonNode again =
                api.put(V1 + "/old", api.get(V1 + "/old").json()).expect(200).json();
        assertThat(again.at("/metadata/resourceVersion")).isEqualTo(same.at("/metadata/resourceVersion"));
    }

    @Test
    void aVersionInWhichObjectsWereStoredCannotBeDropped() {
        with.define("v1");
        with.store("v2");
        assertThat(api.patch(
                                DEFINITIONS + "/routes.example.com",
                                "application/json-patch+json",
                                "[{\"op\":\"remove\",\"path\":\"/spec/versions/0\"}]")
                        .expect(422)
                        .at("/message"))
                .isEqualTo("CustomResourceDefinition.apiextensions.k8s.io \"routes.example.com\" is invalid:"
                        + " status.storedVersions[0]: Invalid value: \"v1\": missing from spec.versions; v1 was"
                        + " previously a storage version, and must remain in spec.versions until a storage migration"
                        + " ensures no data remains persisted in v1 and removes v1 from status.storedVersions");
        ObjectNode definition =
                api.get(DEFINITIONS + "/routes.example.com").expect(200).object();
        ((ObjectNode) definition.get("status")).putArray("storedVersions").add("v2");
        api.put(DEFINITIONS + "/routes.example.com/status", definition).expect(200);
        api.patch(
                        DEFINITIONS + "/routes.example.com",
                        "application/json-patch+json",
                        "[{\"op\":\"remove\",\"path\":\"/spec/versions/0\"}]")
                .expect(200);
        api.get(V1).expect(404);
        api.get(V2).expect(200);
    }

    @Test
    void patchesAndPutsSpeakTheirVersion() {
        with.define("v2");
        with.v1("one", "a:1").expect(201);
        JsonNode patched = api.patch(V1 + "/one", "application/merge-patch+json", "{\"spec\":{\"hostPort\":\"b:2\"}}")
                .expect(200)
                .json();
        assertThat(patched.at("/spec/hostPort").asText()).isEqualTo("b:2");
        assertThat(patched.at("/metadata/generation").asInt()).isEqualTo(2);
        assertThat(with.stored("one").at("/spec/host").asText()).isEqualTo("b");
        api.patch(
                        V2 + "/one",
                        "application/json-patch+json",
                        "[{\"op\":\"replace\",\"path\":\"/spec/port\",\"value\":\"3\"}]")
                .expect(200);
        ObjectNode object = api.get(V1 + "/one").expect(200).object();
        assertThat(object.at("/spec/hostPort").asText()).isEqualTo("b:3");
        ((ObjectNode) object.get("spec")).put("hostPort", "c");
        assertThat(api.put(V1 + "/one", object).expect(422).at("/message")).contains("spec.hostPort");
        ((ObjectNode) object.get("spec")).put("hostPort", "c:4");
        api.put(V1 + "/one", object).expect(200);
        assertThat(api.get(V2 + "/one").at("/spec/host")).isEqualTo("c");
    }

    @Test
    void statusAndScaleAreThoseOfTheVersion() {
        with.define("v2");
        with.v1("one", "a:1").expect(201);
        api.patch(V1 + "/one/status", "application/merge-patch+json", "{\"status\":{\"count\":3,\"ok\":true}}")
                .expect(200);
        assertThat(api.get(V2 + "/one").at("/status/replicas")).isEqualTo("3");
        api.patch(V1 + "/one/scale", "application/merge-patch+json", "{\"spec\":{\"replicas\":5}}")
                .expect(200);
        assertThat(with.stored("one").at("/spec/replicas").asInt()).isEqualTo(5);
        JsonNode scale = api.get(V2 + "/one/scale").expect(200).json();
        assertThat(scale.at("/spec/replicas").asInt()).isEqualTo(5);
        assertThat(scale.at("/status/replicas").asInt()).isEqualTo(3);
        assertThat(api.get(V1 + "/one/scale").at("/spec/replicas")).isEqualTo("5");
    }

    @Test
    void managersOwnFieldsInTheVersionInWhichTheyWrote() {
        with.define("v2");
        String apply = "?fieldManager=%s&force=false";
        api.patch(
                        V1 + "/one" + apply.formatted("first"),
                        "application/apply-patch+yaml",
                        "apiVersion: example.com/v1\nkind: Route\nspec: {hostPort: 'a:1', count: 2}")
                .expect(201);
        JsonNode made = api.get(V2 + "/one").expect(200).json();
        assertThat(made.at("/metadata/managedFields/0/apiVersion").asText()).isEqualTo("example.com/v1");
        assertThat(made.at("/metadata/managedFields/0/fieldsV1/f:spec").has("f:hostPort"))
                .isTrue();
        // What the first manager owns as v1's hostPort is v2's host and port.
        JsonNode conflict = api.patch(
                        V2 + "/one" + apply.formatted("second"),
                        "application/apply-patch+yaml",
                        "apiVersion: example.com/v2\nkind: Route\nspec: {host: b}")
                .expect(409)
                .json();
        assertThat(conflict.at("/message").asText()).contains("conflict with \"first\": .spec.hostPort");
        api.patch(
                        V2 + "/one?fieldManager=second&force=true",
                        "application/apply-patch+yaml",
                        "apiVersion: example.com/v2\nkind: Route\nspec: {host: b}")
                .expect(200);
        JsonNode taken = api.get(V1 + "/one").expect(200).json();
        assertThat(taken.at("/spec/hostPort").asText()).isEqualTo("b:1");
        List<String> owners = new ArrayList<>();
        taken.at("/metadata/managedFields")
                .forEach(one -> owners.add(one.at("/manager").asText() + " "
                        + one.at("/apiVersion").asText()));
        assertThat(owners).containsExactlyInAnyOrder("first example.com/v1", "second example.com/v2");
        // What is applied no more goes, whichever version it was applied in.
        api.patch(
                        V1 + "/one" + apply.formatted("first"),
                        "application/apply-patch+yaml",
                        "apiVersion: example.com/v1\nkind: Route\nspec: {}")
                .expect(200);
        assertThat(api.get(V2 + "/one").json().at("/spec").has("replicas")).isFalse();
        assertThat(api.get(V2 + "/one").at("/spec/host")).isEqualTo("b");
    }

    @Test
    void deletesAnswerInTheirVersion() throws Exception {
        with.define("v2");
        api.post(V1, "metadata: {name: held, finalizers: [example.com/wait]}\nspec: {hostPort: 'a:1'}")
                .expect(201);
        JsonNode marked = api.delete(V1 + "/held").expect(200).json();
        assertThat(marked.at("/spec/hostPort").asText()).isEqualTo("a:1");
        assertThat(marked.at("/metadata").has("deletionTimestamp")).isTrue();
        with.v1("two", "b:2").expect(201);
        JsonNode gone = api.delete(V1 + "?fieldSelector=spec.hostPort%3Db:2")
                .expect(200)
                .json();
        assertThat(gone.at("/items/0/spec/hostPort").asText()).isEqualTo("b:2");
        api.patch(V1 + "/held", "application/merge-patch+json", "{\"metadata\":{\"finalizers\":null}}")
                .expect(200);
        api.get(V2 + "/held").expect(404);
        with.v1("three", "c:3").expect(201);
        with.store("v1");
        // Objects of all versions go with their definition.
        api.delete(DEFINITIONS + "/routes.example.com").expect(200);
        for (int i = 0; i < 200 && api.get(DEFINITIONS + "/routes.example.com").code() != 404; i++) {
            Thread.sleep(50);
        }
        api.get(DEFINITIONS + "/routes.example.com").expect(404);
    }

    @Test
    void watchesSeeEventsInTheirVersion() throws Exception {
        with.define("v2");
        with.v2("one", "a", "1").expect(201);
        try (var response = api.open(
                        "GET",
                        V1 + "?watch=true&resourceVersion=0&sendInitialEvents=true&allowWatchBookmarks=true"
                                + "&resourceVersionMatch=NotOlderThan&timeoutSeconds=30",
                        "",
                        new byte[0]);
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            List<String> seen = new ArrayList<>();
            seen.add(event(lines));
            api.patch(V2 + "/one", "application/merge-patch+json", "{\"spec\":{\"port\":\"2\"}}")
                    .expect(200);
            api.delete(V2 + "/one").expect(200);
            seen.add(event(lines));
            seen.add(event(lines));
            assertThat(seen).containsExactly("ADDED a:1", "MODIFIED a:2", "DELETED a:2");
        }
    }

    /** The next event that is no bookmark. */
    private static String event(BufferedReader lines) throws IOException {
        JsonNode event;
        do {
            event = Trees.parse(lines.readLine().getBytes(StandardCharsets.UTF_8));
            assertThat(event.at("/object/apiVersion").asText()).isEqualTo("example.com/v1");
        } while (event.at("/type").asText().equals("BOOKMARK"));
        return event.at("/type").asText() + " "
                + event.at("/object/spec/hostPort").asText();
    }

    @Test
    void withoutAWebhookVersionsDifferInNameAndInWhatTheirSchemasKeep() {
        api.post(DEFINITIONS, ConversionFixture.definition("{strategy: None}", "v2"))
                .expect(201);
        JsonNode made = api.post(V1, "metadata: {name: one}\nspec: {hostPort: 'a:1', color: blue}")
                .expect(201)
                .json();
        // v2, which is stored, knows no hostPort; v1 has no default for what v2 has.
        assertThat(made.at("/spec").toString()).isEqualTo("{\"color\":\"blue\"}");
        assertThat(with.stored("one").at("/spec").toString()).isEqualTo("{\"color\":\"blue\",\"size\":\"small\"}");
        assertThat(api.get(V2 + "/one").at("/spec/size")).isEqualTo("small");
        assertThat(api.get(V1 + "/one").json().at("/spec").has("size")).isFalse();
        assertThat(with.hook.asked).isEmpty();
    }

    @Test
    void aNewObjectHasItsStatusDefaultsThoughItsWriterMaySetNoStatus() {
        String definition = ConversionFixture.definition("{strategy: None}", "v2");
        api.post(
                        DEFINITIONS,
                        definition.replace(
                                "status: {type: object, properties: {replicas: {type: integer}",
                                "status: {type: object, default: {replicas: 1}, properties: {replicas: {type: integer}"))
                .expect(201);
        JsonNode made = api.post(V2, "metadata: {name: one}\nspec: {host: a}\nstatus: {ok: true}")
                .expect(201)
                .json();
        assertThat(made.at("/status").toString()).isEqualTo("{\"replicas\":1}");
        assertThat(api.get(V2 + "/one").json()).isEqualTo(made);
        assertThat(made.at("/metadata/managedFields/0/fieldsV1").has("f:status"))
                .isFalse();
    }

    @Test
    void anObjectThatIsBeingDeletedIsSaidToBeInTheWay() {
        with.define("v2");
        api.post(V2, "metadata: {name: one, finalizers: [example.com/wait]}\nspec: {host: a}")
                .expect(201);
        api.delete(V2 + "/one").expect(200);
        assertThat(with.v2("one", "a", "1").expect(409).at("/message"))
                .isEqualTo("object is being deleted: routes.example.com \"one\" already exists");
    }

    @Test
    void unknownFieldsAreToldInOrderOfTheirNames() {
        with.define("v2");
        assertThat(api.post(V2 + "?fieldValidation=Strict", "metadata: {name: one}\nspec: {z: 1, b: 2, a: 3}\nother: 1")
                        .expect(400)
                        .at("/message"))
                .endsWith("unknown field \"other\", unknown field \"spec.a\", unknown field \"spec.b\","
                        + " unknown field \"spec.z\"");
    }

    @Test
    void whatIsStoredIsReadByTheSchemaOfNow() {
        with.define("v1");
        api.post(V1, "metadata: {name: one}\nspec: {hostPort: 'a:1', color: blue, count: 2}")
                .expect(201);
        api.patch(
                        DEFINITIONS + "/routes.example.com",
                        "application/json-patch+json",
                        "[{\"op\":\"remove\",\"path\":\"/spec/versions/0/schema/openAPIV3Schema/properties/spec/"
                                + "properties/color\"},{\"op\":\"add\",\"path\":\"/spec/versions/0/schema/"
                                + "openAPIV3Schema/properties/spec/properties/late\",\"value\":{\"type\":\"string\","
                                + "\"default\":\"now\"}}]")
                .expect(200);
        JsonNode read = api.get(V1 + "/one").expect(200).json();
        assertThat(read.at("/spec").toString()).isEqualTo("{\"hostPort\":\"a:1\",\"count\":2,\"late\":\"now\"}");
        assertThat(api.get(V1).expect(200).json().at("/items/0/spec")).isEqualTo(read.at("/spec"));
    }
}
