package dev.kite.apiserver.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Reference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DefinitionsTest {
    /**
     * Where we differ: markers that kite.model's table lacks, a kind that each group repeats, and /version's type, which is no API type.
     * None of them changes what kubectl does with objects that people write.
     */
    private static final List<String> KNOWN = List.of(
            "io.k8s.api.coordination.v1beta1.LeaseCandidateSpec/properties/strategy/default",
            "io.k8s.api.core.v1.PersistentVolumeSpec/properties/claimRef/x-kubernetes-map-type",
            "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions/x-kubernetes-group-version-kind",
            "io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent/x-kubernetes-group-version-kind",
            "io.k8s.apimachinery.pkg.version.Info/properties",
            "io.k8s.apimachinery.pkg.version.Info/required");

    private static Map<String, JsonNode> published() {
        Map<String, JsonNode> found = new TreeMap<>();
        raw().forEach((name, type) -> found.put(name, undescribed(type)));
        return found;
    }

    private static Map<String, JsonNode> raw() {
        Map<String, JsonNode> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(Reference.folder().resolve("openapi-v3"))) {
            for (Path file : files.sorted().toList()) {
                Reference.json("openapi-v3/" + file.getFileName())
                        .at("/components/schemas")
                        .properties()
                        .forEach(e -> found.put(e.getKey(), e.getValue()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /** Without descriptions, and with a lone allOf reference as the reference itself: v3 wraps one only to say more beside it. */
    static JsonNode undescribed(JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode copy = object.objectNode();
            object.properties().forEach(e -> {
                if (!e.getKey().equals("description") || !e.getValue().isTextual()) {
                    copy.set(e.getKey(), undescribed(e.getValue()));
                }
            });
            if (copy.path("allOf").size() == 1 && copy.at("/allOf/0").has("$ref")) {
                copy.set("$ref", copy.at("/allOf/0/$ref"));
                copy.remove("allOf");
            }
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = array.arrayNode();
            array.forEach(e -> copy.add(undescribed(e)));
            return copy;
        }
        return node;
    }

    @Test
    void fieldsOfEveryShapeAreDescribedWhereKubernetesDescribesThem() {
        Map<String, ObjectNode> ours = all(raw().keySet());
        List<String> silent = new ArrayList<>();
        List<String> wrapped = new ArrayList<>();
        int same = 0;
        int described = 0;
        for (Map.Entry<String, JsonNode> type : raw().entrySet()) {
            for (Map.Entry<String, JsonNode> field :
                    type.getValue().path("properties").properties()) {
                String name = type.getKey() + "." + field.getKey();
                JsonNode own = ours.get(type.getKey()).path("properties").path(field.getKey());
                if (own.has("allOf") != field.getValue().has("allOf")) {
                    wrapped.add(name);
                }
                String expected = field.getValue().path("description").asText();
                described += expected.isEmpty() ? 0 : 1;
                same += !expected.isEmpty() && own.path("description").asText().equals(expected) ? 1 : 0;
                if (own.path("description").asText().isEmpty() != expected.isEmpty()) {
                    silent.add(name);
                }
            }
        }
        assertThat(silent).allSatisfy(name -> assertThat(name).startsWith("io.k8s.apimachinery.pkg.version.Info."));
        assertThat(wrapped).isEmpty();
        // Where the words of the published packages are another day's or lack their paragraphs, the texts differ.
        assertThat(same).isGreaterThan(described * 9 / 10);
    }

    @Test
    void describedReferencesAreWrappedAndKeepTheirDefault() {
        JsonNode strategy = all(List.of("io.k8s.api.apps.v1.DeploymentSpec"))
                .get("io.k8s.api.apps.v1.DeploymentSpec")
                .at("/properties/strategy");
        assertThat(strategy.at("/allOf/0/$ref").asText())
                .isEqualTo("#/components/schemas/io.k8s.api.apps.v1.DeploymentStrategy");
        assertThat(strategy.path("description").asText()).contains("strategy to use to replace");
        assertThat(strategy.path("default")).isEmpty();
        assertThat(strategy.path("default").isObject()).isTrue();
    }

    @Test
    void textsKeepTheirLinesTabsAndBackslashes() {
        assertThat(Descriptions.unescape("a\\nb\\tc\\\\nd")).isEqualTo("a\nb\tc\\nd");
        assertThat(Descriptions.unescape("ends\\")).isEqualTo("ends\\");
    }

    private static Map<String, ObjectNode> all(Collection<String> names) {
        Definitions definitions = new Definitions(Descriptions.read());
        names.forEach(definitions::reference);
        return definitions.all();
    }

    @Test
    void typesAreKubernetes() {
        Map<String, JsonNode> published = published();
        List<String> differences = new ArrayList<>();
        Map<String, ObjectNode> ours = all(published.keySet());
        published.forEach((name, expected) -> differ(name, expected, undescribed(ours.get(name)), differences));
        assertThat(differences).allSatisfy(d -> assertThat(KNOWN).contains(d.replaceFirst(": .*", "")));
    }

    private static void differ(String at, JsonNode expected, JsonNode ours, List<String> into) {
        if (expected.isObject() && ours.isObject()) {
            expected.properties()
                    .forEach(e -> differ(at + "/" + e.getKey(), e.getValue(), ours.path(e.getKey()), into));
            ours.properties().forEach(e -> {
                if (!expected.has(e.getKey())) {
                    into.add(at + "/" + e.getKey() + ": we say " + e.getValue());
                }
            });
        } else if (!expected.equals(ours) && !expected.toString().equals(ours.toString())) {
            into.add(at + ": " + expected + ", we say " + ours);
        }
    }
}
