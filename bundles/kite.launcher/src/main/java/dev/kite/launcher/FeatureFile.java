package dev.kite.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the launcher needs of an OSGi feature file (Feature Service specification, 159.4): bundles in their order and framework properties.
 *
 * @param bundles the bundles
 * @param frameworkProperties from the extension {@code framework-launching-properties}
 */
record FeatureFile(List<BundleId> bundles, Map<String, String> frameworkProperties) {
    static FeatureFile read(Path file) {
        try {
            JsonNode root = new ObjectMapper().readTree(Files.readAllBytes(file));
            List<BundleId> bundles = new ArrayList<>();
            for (JsonNode bundle : root.path("bundles")) {
                bundles.add(BundleId.parse(
                        bundle.isTextual() ? bundle.asText() : bundle.path("id").asText()));
            }
            if (bundles.isEmpty()) {
                throw new LaunchException("the feature file " + file + " lists no bundles; install Kite again");
            }
            Map<String, String> properties = new LinkedHashMap<>();
            JsonNode extension = root.path("extensions")
                    .path("framework-launching-properties")
                    .path("json");
            extension
                    .properties()
                    .forEach(entry ->
                            properties.put(entry.getKey(), entry.getValue().asText()));
            return new FeatureFile(List.copyOf(bundles), Map.copyOf(properties));
        } catch (IOException e) {
            throw new LaunchException("cannot read the feature file " + file + "; install Kite again", e);
        }
    }
}
