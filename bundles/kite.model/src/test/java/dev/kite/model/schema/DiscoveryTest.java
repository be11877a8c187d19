package dev.kite.model.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.model.Reference;
import dev.kite.model.json.JsonTrees;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DiscoveryTest {
    /** Each resource and subresource as discovery tells it, from the reference. */
    private static Map<String, List<Object>> expected() throws Exception {
        Map<String, List<Object>> resources = new HashMap<>();
        try (Stream<Path> files = Files.list(Reference.folder().resolve("discovery"))) {
            for (Path file : files.filter(f -> f.getFileName().toString().matches(".*__v\\w+\\.json"))
                    .toList()) {
                JsonNode list = JsonTrees.read(Files.readAllBytes(file));
                String gv = list.path("groupVersion").asText();
                for (JsonNode resource : list.path("resources")) {
                    String group = resource.has("group")
                            ? resource.get("group").asText()
                            : gv.contains("/") ? gv.substring(0, gv.indexOf('/')) : "";
                    String version = resource.has("version")
                            ? resource.get("version").asText()
                            : gv.substring(gv.indexOf('/') + 1);
                    resources.put(
                            gv + " " + resource.path("name").asText(),
                            List.of(
                                    group,
                                    version,
                                    resource.path("kind").asText(),
                                    resource.path("singularName").asText(),
                                    resource.path("namespaced").asBoolean(),
                                    strings(resource.path("verbs")),
                                    strings(resource.path("shortNames")),
                                    strings(resource.path("categories"))));
                }
            }
        }
        return resources;
    }

    private static List<String> strings(JsonNode array) {
        List<String> strings = new ArrayList<>();
        array.forEach(item -> strings.add(item.asText()));
        return strings;
    }

    @Test
    void resourcesAreWhatKubernetesServes() throws Exception {
        Map<String, List<Object>> actual = new HashMap<>();
        for (ResourceInfo r : Schema.builtIn().resources()) {
            actual.put(
                    r.apiVersion() + " " + r.plural(),
                    List.of(
                            r.group(),
                            r.version(),
                            r.kind(),
                            r.singular(),
                            r.namespaced(),
                            r.verbs(),
                            r.shortNames(),
                            r.categories()));
            for (ResourceInfo.Subresource s : r.subresources()) {
                actual.put(
                        r.apiVersion() + " " + r.plural() + "/" + s.name(),
                        List.of(s.group(), s.version(), s.kind(), "", r.namespaced(), s.verbs(), List.of(), List.of()));
            }
        }
        assertThat(actual).isEqualTo(expected());
    }

    @Test
    void storageVersionHashIsDiscoverys() throws Exception {
        JsonNode list = JsonTrees.read(Reference.read(Reference.folder().resolve("discovery/api__v1.json")));
        int checked = 0;
        for (JsonNode resource : list.path("resources")) {
            ResourceInfo info =
                    Schema.builtIn().resource("", "v1", resource.path("name").asText());
            if (info != null && resource.has("storageVersionHash")) {
                assertThat(info.storageVersionHash())
                        .isEqualTo(resource.get("storageVersionHash").asText());
                checked++;
            }
        }
        assertThat(checked).isGreaterThan(10);
    }

    @Test
    void everyResourceHasItsStructureAndItsList() {
        TreeSet<String> missing = new TreeSet<>();
        for (ResourceInfo r : Schema.builtIn().resources()) {
            if (Schema.builtIn().kind(r.group(), r.version(), r.kind()) == null) {
                missing.add(r.apiVersion() + " " + r.kind());
            }
            if (r.verbs().contains("list")
                    && Schema.builtIn().kind(r.group(), r.version(), r.kind() + "List") == null) {
                missing.add(r.apiVersion() + " " + r.kind() + "List");
            }
        }
        assertThat(missing).isEmpty();
    }
}
