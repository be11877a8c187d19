package dev.kite.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a file asks for: objects in the order to apply them, those that others need first. Immutable but for the trees.
 *
 * @param objects the objects
 */
record Manifest(List<ObjectNode> objects) {
    /** Kinds that others need, in the order in which they need each other; the rest follow in the file's order. */
    private static final List<String> FIRST = List.of(
            "Namespace",
            "CustomResourceDefinition",
            "PriorityClass",
            "StorageClass",
            "RuntimeClass",
            "ServiceAccount",
            "ClusterRole",
            "Role",
            "ClusterRoleBinding",
            "RoleBinding",
            "ConfigMap",
            "Secret",
            "PersistentVolume",
            "PersistentVolumeClaim",
            "Service");

    /**
     * A kind, written as k3s does in the addon's annotation: {@code apps/v1, Kind=Deployment}, {@code /v1, Kind=Service}.
     *
     * @param apiVersion as in an object
     * @param kind the kind
     */
    record Gvk(String apiVersion, String kind) {
        String text() {
            return (apiVersion.contains("/") ? "" : "/") + apiVersion + ", Kind=" + kind;
        }

        static List<Gvk> parse(String annotation) {
            List<Gvk> kinds = new ArrayList<>();
            for (String text : annotation.split(";")) {
                String[] parts = text.split(", Kind=", -1);
                if (parts.length == 2) {
                    kinds.add(new Gvk(parts[0].startsWith("/") ? parts[0].substring(1) : parts[0], parts[1]));
                }
            }
            return kinds;
        }
    }

    /** Reads a file's text, YAML or JSON, of one or many documents; Lists are taken apart. */
    static Manifest read(String text) throws ManifestException {
        List<ObjectNode> objects = new ArrayList<>();
        for (JsonNode document : Yaml.read(text)) {
            add(objects, document);
        }
        objects.sort(Comparator.comparingInt(Manifest::rank));
        return new Manifest(List.copyOf(objects));
    }

    private static void add(List<ObjectNode> objects, JsonNode document) throws ManifestException {
        if (!(document instanceof ObjectNode object)) {
            throw new ManifestException("a document that is no object");
        }
        String kind = object.path("kind").asText();
        if (kind.isEmpty() || object.path("apiVersion").asText().isEmpty()) {
            throw new ManifestException("an object without apiVersion or kind");
        }
        if (kind.endsWith("List") && object.path("items").isArray()) {
            for (JsonNode item : object.path("items")) {
                add(objects, item);
            }
        } else if (!object.path("metadata").path("name").isTextual()) {
            throw new ManifestException("a " + kind + " without metadata.name");
        } else {
            objects.add(object);
        }
    }

    private static int rank(ObjectNode object) {
        int rank = FIRST.indexOf(object.path("kind").asText());
        return rank < 0 ? FIRST.size() : rank;
    }

    static Gvk kind(ObjectNode object) {
        return new Gvk(object.path("apiVersion").asText(), object.path("kind").asText());
    }

    /** The kinds, each once. */
    Set<Gvk> kinds() {
        Set<Gvk> kinds = new LinkedHashSet<>();
        objects.forEach(object -> kinds.add(kind(object)));
        return kinds;
    }
}
