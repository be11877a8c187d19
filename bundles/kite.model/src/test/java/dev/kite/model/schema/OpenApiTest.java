package dev.kite.model.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.model.Reference;
import dev.kite.model.json.JsonTrees;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OpenApiTest {
    private static Map<String, JsonNode> schemas() throws Exception {
        Map<String, JsonNode> schemas = new TreeMap<>();
        try (Stream<Path> files = Files.list(Reference.folder().resolve("openapi-v3"))) {
            for (Path file : files.sorted().toList()) {
                JsonNode document = JsonTrees.read(Files.readAllBytes(file));
                document.path("components")
                        .path("schemas")
                        .properties()
                        .forEach(e -> schemas.put(e.getKey(), e.getValue()));
            }
        }
        return schemas;
    }

    @Test
    void fieldsTypesAndMarkersAreThePublishedOnes() throws Exception {
        List<String> differences = new ArrayList<>();
        int compared = 0;
        for (Map.Entry<String, JsonNode> entry : schemas().entrySet()) {
            StructDescriptor type = Schema.builtIn().type(entry.getKey());
            if (type == null) {
                continue;
            }
            compared++;
            JsonNode properties = entry.getValue().path("properties");
            TreeSet<String> published = new TreeSet<>();
            properties.fieldNames().forEachRemaining(published::add);
            TreeSet<String> ours = new TreeSet<>();
            type.fields().forEach(field -> ours.add(field.name()));
            if (!published.equals(ours)) {
                differences.add(entry.getKey() + ": fields " + published + " against " + ours);
            }
            TreeSet<String> required = new TreeSet<>();
            entry.getValue().path("required").forEach(name -> required.add(name.asText()));
            TreeSet<String> ourRequired = new TreeSet<>();
            type.fields().stream().filter(FieldDescriptor::required).forEach(field -> ourRequired.add(field.name()));
            if (!required.equals(ourRequired)) {
                differences.add(entry.getKey() + ": required " + required + " against " + ourRequired);
            }
            if (entry.getValue().path("x-kubernetes-map-type").asText().equals("atomic") != type.atomic()) {
                differences.add(entry.getKey() + ": atomic");
            }
            for (FieldDescriptor field : type.fields()) {
                compare(entry.getKey() + "." + field.name(), field, properties.path(field.name()), differences);
            }
        }
        assertThat(compared).isGreaterThan(500);
        assertThat(differences).isEmpty();
    }

    private static void compare(String at, FieldDescriptor field, JsonNode schema, List<String> differences) {
        String markers = schema.path("x-kubernetes-list-type").asText("-")
                + " " + keys(schema.path("x-kubernetes-list-map-keys"))
                + " " + schema.path("x-kubernetes-patch-strategy").asText("-")
                + " " + schema.path("x-kubernetes-patch-merge-key").asText("-");
        String listType =
                field.listType() == ListType.UNSPECIFIED || field.shape().isMap()
                        ? "-"
                        : field.listType().name().toLowerCase(java.util.Locale.ROOT);
        String ours = listType
                + " " + field.mapKeys()
                + " " + (field.patchStrategies().isEmpty() ? "-" : String.join(",", field.patchStrategies()))
                + " " + (field.patchMergeKey().isEmpty() ? "-" : field.patchMergeKey());
        if (!markers.equals(ours)) {
            differences.add(at + ": " + markers + " against " + ours);
        }
        boolean atomicMap = schema.path("x-kubernetes-map-type").asText().equals("atomic");
        boolean ourAtomicMap = field.atomicStruct() || (field.shape().isMap() && field.listType() == ListType.ATOMIC);
        if (atomicMap != ourAtomicMap) {
            differences.add(at + ": atomic " + atomicMap + " against " + ourAtomicMap);
        }
        String published = schema.path("default").toString(); // zero values follow from a field being a required value
        boolean hasDefault = schema.has("default")
                && !List.of("{}", "\"\"", "0", "false", "[]").contains(published);
        if (!field.defaultJson().isEmpty()
                && !JsonTrees.read(field.defaultJson().getBytes()).equals(schema.get("default"))) {
            differences.add(at + ": default " + schema.get("default") + " against " + field.defaultJson());
        }
        if (hasDefault && field.defaultJson().isEmpty()) {
            differences.add(at + ": default " + schema.get("default") + " is missing");
        }
        if (field.isStruct() && published.equals("{}") == field.presence().isPointer()) {
            differences.add(at + ": default " + published + " against " + field.presence());
        }
        String type = field.shape().isList() ? "array" : field.shape().isMap() ? "object" : null;
        if (type != null && !schema.path("type").asText().equals(type)) {
            differences.add(at + ": " + schema.path("type") + " against " + type);
        }
    }

    private static List<String> keys(JsonNode array) {
        List<String> keys = new ArrayList<>();
        array.forEach(key -> keys.add(key.asText()));
        return keys;
    }
}
