package dev.kite.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** kite.model's resources.tsv: which kinds are resources, and each package's API group. */
final class Resources {
    /** One resource of the table. */
    record Row(String group, String version, String plural, String kind, boolean namespaced) {}

    private final Map<String, Row> byType = new HashMap<>();
    private final Map<String, String> groups =
            new HashMap<>(Map.of("core", "", "meta", "", "admission", "admission.k8s.io"));

    Resources(Path file) throws IOException {
        for (String line : Files.readAllLines(file)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] cell = line.split("\t");
            String group = cell[0].equals("-") ? "" : cell[0];
            String shortGroup = group.isEmpty() ? "core" : group.replaceFirst("\\..*", "");
            groups.put(shortGroup, group);
            byType.put(
                    shortGroup + "." + cell[1] + "." + cell[4],
                    new Row(group, cell[1], cell[2], cell[4], cell[5].equals("Namespaced")));
        }
    }

    @Nullable
    Row of(Api.Type type) {
        return byType.get(type.groupVersion() + "." + type.simpleName());
    }

    /** The API group of a type's package, empty for core. */
    String group(Api.Type type) {
        String name = type.groupVersion().replaceFirst("\\..*", "");
        String group = groups.get(name);
        if (group == null) {
            throw new IllegalStateException("resources.tsv names no group for " + type.name());
        }
        return group;
    }
}
