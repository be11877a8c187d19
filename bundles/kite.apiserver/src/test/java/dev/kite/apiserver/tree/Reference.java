package dev.kite.apiserver.tree;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Kubernetes 1.36 as data, where it is at hand; trees gone wrong. */
public final class Reference {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Reference() {}

    /** The folder; skips the test where there is none. */
    public static Path folder() {
        String named = System.getProperty("kite.reference", System.getenv().getOrDefault("KITE_REFERENCE", ""));
        Path folder = named.isEmpty() ? Path.of("../../../shared/reference/kubernetes-1.36") : Path.of(named);
        if (!Files.isDirectory(folder) && Files.isDirectory(folder.resolve("kubernetes-1.36"))) {
            folder = folder.resolve("kubernetes-1.36");
        }
        Assumptions.assumeTrue(Files.isDirectory(folder), "skipped: no Kubernetes reference (set KITE_REFERENCE)");
        return folder;
    }

    /** A file of the folder. */
    public static ObjectNode json(String path) {
        return parse(folder().resolve(path));
    }

    /** A YAML file of the folder. */
    public static ObjectNode yaml(String path) {
        try {
            return (ObjectNode) new YAMLMapper().readTree(folder().resolve(path).toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every example object, by GROUP.VERSION.KIND. */
    public static Map<String, ObjectNode> examples() {
        Map<String, ObjectNode> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder().resolve("examples"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
                found.put(file.getFileName().toString().replaceFirst("\\.json$", ""), parse(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /** Reads JSON written with single quotes. */
    public static ObjectNode object(String text) {
        try {
            return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The group that an apiVersion names. */
    public static String group(ObjectNode object) {
        String version = Tree.text(object, "apiVersion");
        return version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
    }

    /** The version that an apiVersion names. */
    public static String version(ObjectNode object) {
        String version = Tree.text(object, "apiVersion");
        return version.substring(version.indexOf('/') + 1);
    }

    /** The object with its fields, one at a time, gone wrong: null, a string, a number, a list, an object; up to about 150 of them, evenly chosen. */
    public static List<ObjectNode> mutations(ObjectNode object) {
        List<String> pointers = new ArrayList<>();
        pointers(object, "", pointers);
        List<JsonNode> wrong = List.of(
                object.nullNode(),
                object.textNode("\u0000x"),
                object.numberNode(-7.5),
                object.arrayNode().addNull().add(3).add(object.objectNode()),
                object.objectNode().put("x", 1));
        List<ObjectNode> found = new ArrayList<>();
        for (int i = 0; i < pointers.size(); i += Math.max(1, pointers.size() / 150)) {
            String pointer = pointers.get(i);
            int slash = pointer.lastIndexOf('/');
            ObjectNode copy = object.deepCopy();
            JsonNode parent = copy.at(pointer.substring(0, slash));
            JsonNode bad = wrong.get(i % wrong.size());
            String last = pointer.substring(slash + 1).replace("~1", "/").replace("~0", "~");
            if (parent instanceof ObjectNode fields) {
                fields.set(last, bad);
            } else if (parent instanceof com.fasterxml.jackson.databind.node.ArrayNode array) {
                array.set(Integer.parseInt(last), bad);
            }
            found.add(copy);
        }
        return found;
    }

    private static void pointers(JsonNode node, String at, List<String> into) {
        node.properties().forEach(e -> {
            String here = at + "/" + e.getKey().replace("~", "~0").replace("/", "~1");
            into.add(here);
            pointers(e.getValue(), here, into);
        });
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                into.add(at + "/" + i);
                pointers(node.get(i), at + "/" + i, into);
            }
        }
    }

    private static ObjectNode parse(Path file) {
        try {
            return (ObjectNode) JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
