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
            "io.k8s.api.certificates.v1beta1.PodCertificateRequestSpec/properties/maxExpirationSeconds/default",
            "io.k8s.api.coordination.v1beta1.LeaseCandidateSpec/properties/strategy/default",
            "io.k8s.api.core.v1.PersistentVolumeSpec/properties/claimRef/x-kubernetes-map-type",
            "io.k8s.api.resource.v1beta1.BasicDevice/properties/bindingConditions/x-kubernetes-list-type",
            "io.k8s.api.resource.v1beta1.BasicDevice/properties/bindingFailureConditions/x-kubernetes-list-type",
            "io.k8s.api.resource.v1beta1.BasicDevice/properties/consumesCounters/x-kubernetes-list-type",
            "io.k8s.api.resource.v1beta1.BasicDevice/properties/taints/x-kubernetes-list-type",
            "io.k8s.api.resource.v1beta1.DeviceRequest/properties/selectors/x-kubernetes-list-type",
            "io.k8s.api.resource.v1beta1.DeviceRequest/properties/tolerations/x-kubernetes-list-type",
            "io.k8s.api.resource.v1beta2.DeviceTaintRuleStatus/properties/conditions/x-kubernetes-list-map-keys",
            "io.k8s.api.resource.v1beta2.DeviceTaintRuleStatus/properties/conditions/x-kubernetes-list-type",
            "io.k8s.api.resource.v1beta2.DeviceTaintRuleStatus/properties/conditions/x-kubernetes-patch-merge-key",
            "io.k8s.api.resource.v1beta2.DeviceTaintRuleStatus/properties/conditions/x-kubernetes-patch-strategy",
            "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions/x-kubernetes-group-version-kind",
            "io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent/x-kubernetes-group-version-kind",
            "io.k8s.apimachinery.pkg.version.Info/properties",
            "io.k8s.apimachinery.pkg.version.Info/required",
            "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceSpec/properties/caBundle/x-kubernetes-list-type",
            "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceStatus/properties/conditions/x-kubernetes-list-map-keys",
            "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceStatus/properties/conditions/x-kubernetes-list-type",
            "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceStatus/properties/conditions/x-kubernetes-patch-merge-key",
            "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceStatus/properties/conditions/x-kubernetes-patch-strategy");

    private static Map<String, JsonNode> published() {
        Map<String, JsonNode> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(Reference.folder().resolve("openapi-v3"))) {
            for (Path file : files.sorted().toList()) {
                Reference.json("openapi-v3/" + file.getFileName())
                        .at("/components/schemas")
                        .properties()
                        .forEach(e -> found.put(e.getKey(), undescribed(e.getValue())));
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
    void typesAreKubernetes() {
        Map<String, JsonNode> published = published();
        Definitions definitions = new Definitions(Descriptions.read());
        published.keySet().forEach(definitions::reference);
        List<String> differences = new ArrayList<>();
        Map<String, ObjectNode> ours = definitions.all();
        published.forEach((name, expected) -> differ(name, expected, undescribed(ours.get(name)), differences));
        assertThat(differences.stream()
                        .map(d -> d.replaceFirst(": .*", ""))
                        .sorted()
                        .toList())
                .isEqualTo(KNOWN.stream().sorted().toList());
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
