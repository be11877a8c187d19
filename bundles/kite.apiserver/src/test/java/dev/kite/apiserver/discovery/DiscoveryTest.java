package dev.kite.apiserver.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.discovery.Discovery.Answer;
import dev.kite.apiserver.tree.Reference;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DiscoveryTest {
    private static final String ADDRESS = "192.0.2.1:6443";
    private static final String V2 = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    private static final String V2BETA1 = "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList";

    private final BuiltInCatalog catalog = BuiltInCatalog.make();
    private final Discovery discovery = new Discovery(catalog);

    private ObjectNode plain(String path) {
        return ((Answer.Plain)
                        discovery.answer(path, "application/json", ADDRESS).orElseThrow())
                .tree();
    }

    @Test
    void everyGroupVersionListsWhatKubernetesLists() {
        for (Catalog.Group group : catalog.groups()) {
            for (Catalog.Version version : group.versions()) {
                String path = group.name().isEmpty() ? "/api/v1" : "/apis/" + group.name() + "/" + version.name();
                ObjectNode expected =
                        Reference.json("discovery/" + path.substring(1).replace("/", "__") + ".json");
                ObjectNode ours = plain(path);
                assertThat(byName(ours)).as(path).isEqualTo(withoutForeignHashes(byName(expected), byName(ours)));
                ours.remove("resources");
                expected.remove("resources");
                assertThat(ours).as(path).isEqualTo(expected);
            }
        }
    }

    private static Map<String, JsonNode> byName(ObjectNode list) {
        Map<String, JsonNode> found = new TreeMap<>();
        list.path("resources").forEach(r -> found.put(r.path("name").asText(), r));
        return found;
    }

    /** A beta's objects are stored as v1 where there is one: the catalog, not discovery, knows in which version; take ours there. */
    private static Map<String, JsonNode> withoutForeignHashes(
            Map<String, JsonNode> expected, Map<String, JsonNode> ours) {
        expected.forEach((name, resource) -> {
            JsonNode hash = ours.getOrDefault(name, resource).path("storageVersionHash");
            assertThat(resource.has("storageVersionHash")).as(name).isEqualTo(!hash.isMissingNode());
            if (!hash.isMissingNode()) {
                ((ObjectNode) resource).set("storageVersionHash", hash);
            }
        });
        return expected;
    }

    @Test
    void hashesAreKubernetes() {
        ObjectNode expected = Reference.json("discovery/apis__apps__v1.json");
        assertThat(byName(plain("/apis/apps/v1"))).isEqualTo(byName(expected));
        assertThat(byName(plain("/api/v1"))).isEqualTo(byName(Reference.json("discovery/api__v1.json")));
    }

    @Test
    void aGroupTellsItsVersions() {
        assertThat(plain("/apis/apps")).isEqualTo(Reference.json("discovery/apis__apps.json"));
        assertThat(plain("/apis/batch/")).isEqualTo(Reference.json("discovery/apis__batch.json"));
        ObjectNode api = Reference.json("discovery/api.json");
        ((ObjectNode) api.at("/serverAddressByClientCIDRs/0")).put("serverAddress", ADDRESS);
        assertThat(plain("/api")).isEqualTo(api);
        assertThat(plain("/apis").path("groups")).hasSize(catalog.groups().size() - 1);
    }

    @Test
    void theAggregatedDocumentIsKubernetes() throws IOException {
        Answer.Aggregated answer =
                (Answer.Aggregated) discovery.answer("/apis", V2, ADDRESS).orElseThrow();
        JsonNode ours = new ObjectMapper().readTree(answer.bytes());
        assertThat(answer.contentType()).isEqualTo(V2);
        assertThat(ours.path("apiVersion").asText()).isEqualTo("apidiscovery.k8s.io/v2");
        Map<String, JsonNode> expected = versions(Reference.json("discovery/aggregated_v2.json"));
        versions(ours).forEach((name, version) -> assertThat(version).as(name).isEqualTo(expected.get(name)));
    }

    private static Map<String, JsonNode> versions(JsonNode document) {
        Map<String, JsonNode> found = new TreeMap<>();
        document.path("items")
                .forEach(item -> item.path("versions")
                        .forEach(version -> found.put(
                                item.at("/metadata/name").asText() + "/"
                                        + version.path("version").asText(),
                                sorted(version))));
        return found;
    }

    private static JsonNode sorted(JsonNode version) {
        ArrayNode resources = (ArrayNode) version.path("resources");
        List<JsonNode> list = new java.util.ArrayList<>();
        resources.forEach(list::add);
        list.sort(java.util.Comparator.comparing(r -> r.path("resource").asText()));
        resources.removeAll();
        list.forEach(resources::add);
        return version;
    }

    @Test
    void clientsChooseTheFormByAccept() {
        assertThat(discovery.answer("/apis", V2 + "," + V2BETA1 + ",application/json", ADDRESS))
                .get()
                .isInstanceOf(Answer.Aggregated.class);
        assertThat(discovery.answer("/apis", "application/json," + V2, ADDRESS))
                .as("a plain form beside it does not count")
                .get()
                .isInstanceOf(Answer.Aggregated.class);
        for (String accept : List.of(
                "",
                "*/*",
                "application/json",
                V2BETA1 + ",application/json",
                "application/json;g=x;v=v2;as=APIGroupDiscoveryList,*/*",
                ";;,=,;as")) {
            assertThat(discovery.answer("/apis", accept, ADDRESS))
                    .as(accept)
                    .get()
                    .isInstanceOf(Answer.Plain.class);
        }
        assertThat(discovery.answer("/apis", null, ADDRESS)).get().isInstanceOf(Answer.Plain.class);
    }

    @Test
    void tagsStayWhileTheCatalogDoes() {
        Answer.Aggregated one =
                (Answer.Aggregated) discovery.answer("/apis", V2, ADDRESS).orElseThrow();
        assertThat(discovery.answer("/apis", V2, ADDRESS)).get().isSameAs(one);
        assertThat(one.etag()).matches("\"[0-9A-F]{128}\"");
        Answer.Aggregated other = (Answer.Aggregated) new Discovery(new BuiltInCatalog(2, List.of()))
                .answer("/apis", V2, ADDRESS)
                .orElseThrow();
        assertThat(other.etag()).isNotEqualTo(one.etag());
    }

    @Test
    void nothingIsAnsweredElsewhere() {
        for (String path : List.of(
                "",
                "/",
                "/x",
                "/apis/none",
                "/apis/apps/v9",
                "/api/v2",
                "/api/v1/pods",
                "/apis/apps/v1/deployments",
                "/apis//v1",
                "//",
                "/api/apps/v1")) {
            assertThat(discovery.answer(path, null, ADDRESS)).as(path).isEmpty();
        }
    }
}
