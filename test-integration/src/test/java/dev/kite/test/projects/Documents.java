package dev.kite.test.projects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.kite.test.rig.ClientTools;
import dev.kite.test.rig.GoModules;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A project's objects, of the YAML in its module. */
final class Documents {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private final List<ObjectNode> definitions;
    private final List<ObjectNode> samples;
    private final List<ObjectNode> refused;

    Documents(Project project) throws ClientTools.Unavailable {
        Map<String, String> files = GoModules.files(
                project.module(),
                path -> project.definitions().matcher(path).matches()
                        || project.samples().matcher(path).matches()
                        || project.refused().matcher(path).matches());
        definitions = documents(files, project.definitions()).stream()
                .filter(one -> one.path("kind").asText().equals("CustomResourceDefinition"))
                .toList();
        Set<String> kinds = new HashSet<>();
        for (ObjectNode definition : definitions) {
            JsonNode spec = definition.path("spec");
            for (JsonNode version : spec.path("versions")) {
                if (version.path("served").asBoolean()) {
                    kinds.add(spec.path("group").asText() + "/"
                            + version.path("name").asText() + " "
                            + spec.at("/names/kind").asText());
                }
            }
        }
        samples = objects(documents(files, project.samples()), kinds);
        refused = objects(documents(files, project.refused()), kinds);
    }

    /** The CustomResourceDefinitions. */
    List<ObjectNode> definitions() {
        return definitions;
    }

    /** Objects of their kinds that are to be taken, each with a name of its own and without a namespace. */
    List<ObjectNode> samples() {
        return samples;
    }

    /** Objects that are to be refused. */
    List<ObjectNode> refused() {
        return refused;
    }

    private static List<ObjectNode> objects(List<ObjectNode> documents, Set<String> kinds) {
        List<ObjectNode> objects = new ArrayList<>();
        for (ObjectNode document : documents) {
            String kind = document.path("apiVersion").asText() + " "
                    + document.path("kind").asText();
            if (kinds.contains(kind)) {
                ObjectNode metadata =
                        document.get("metadata") instanceof ObjectNode given ? given : document.putObject("metadata");
                metadata.remove(List.of("namespace", "generateName", "finalizers"));
                metadata.put("name", "sample-" + objects.size());
                objects.add(document);
            }
        }
        return objects;
    }

    private static List<ObjectNode> documents(Map<String, String> files, Pattern pattern) {
        List<ObjectNode> documents = new ArrayList<>();
        files.forEach((path, text) -> {
            if (pattern.matcher(path).matches()) {
                documents.addAll(parse(path, text));
            }
        });
        return documents;
    }

    /** The documents of a file; what Helm would fill in is filled in with a namespace, or is left out. */
    private static List<ObjectNode> parse(String path, String text) {
        String plain = text.contains("{{-")
                ? text.lines()
                        .map(line -> line.strip().startsWith("namespace: {{")
                                ? line.replaceAll("\\{\\{.*}}", "default")
                                : line)
                        .filter(line -> !line.contains("{{"))
                        .collect(Collectors.joining("\n"))
                : text;
        List<ObjectNode> documents = new ArrayList<>();
        try (MappingIterator<JsonNode> all = YAML.readerFor(JsonNode.class).readValues(plain)) {
            while (all.hasNextValue()) {
                if (all.nextValue() instanceof ObjectNode document) {
                    documents.add(document);
                }
            }
        } catch (IOException e) {
            throw new AssertionError(path + " is no YAML", e);
        }
        return documents;
    }
}
