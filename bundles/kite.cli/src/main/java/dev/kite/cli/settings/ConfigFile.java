package dev.kite.cli.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** k3s's config.yaml and config.yaml.d: keys are flag names, later files win, {@code key+} appends, a list is a flag given several times and is never split at commas. */
final class ConfigFile {
    private static final long SIZE_BOUND = 1 << 20;

    private ConfigFile() {}

    static Map<String, List<String>> readAll(Path file) throws IOException {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (Path each : files(file)) {
            merge(read(each), values);
        }
        return values;
    }

    private static List<Path> files(Path file) throws IOException {
        List<Path> files = new ArrayList<>();
        if (Files.exists(file)) {
            files.add(file);
        }
        Path directory = file.resolveSibling(file.getFileName() + ".d");
        if (Files.isDirectory(directory)) {
            try (Stream<Path> entries = Files.list(directory)) {
                entries.filter(entry -> entry.toString().endsWith(".yaml")
                                || entry.toString().endsWith(".yml"))
                        .sorted()
                        .forEach(files::add);
            }
        }
        return files;
    }

    private static void merge(Map<String, List<String>> from, Map<String, List<String>> into) {
        from.forEach((key, value) -> {
            if (key.endsWith("+")) {
                into.computeIfAbsent(key.substring(0, key.length() - 1), _ -> new ArrayList<>())
                        .addAll(value);
            } else {
                into.put(key, new ArrayList<>(value));
            }
        });
    }

    private static Map<String, List<String>> read(Path file) throws IOException {
        if (Files.size(file) > SIZE_BOUND) {
            throw new IOException("larger than 1 MiB");
        }
        @Nullable JsonNode root = new YAMLMapper().readTree(Files.readAllBytes(file));
        Map<String, List<String>> values = new LinkedHashMap<>();
        if (root == null || root.isNull() || root.isMissingNode()) {
            return values;
        }
        if (!root.isObject()) {
            throw new IOException("not a map of flag names to values");
        }
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            values.put(entry.getKey(), texts(entry.getKey(), entry.getValue()));
        }
        return values;
    }

    private static List<String> texts(String key, JsonNode value) throws IOException {
        List<String> texts = new ArrayList<>();
        if (value.isArray()) {
            for (JsonNode item : value) {
                texts.add(text(key, item));
            }
        } else {
            texts.add(text(key, value));
        }
        return texts;
    }

    private static String text(String key, JsonNode value) throws IOException {
        if (!value.isValueNode() || value.isNull()) {
            throw new IOException("key " + key + " holds neither a value nor a list of values");
        }
        return value.asText();
    }
}
