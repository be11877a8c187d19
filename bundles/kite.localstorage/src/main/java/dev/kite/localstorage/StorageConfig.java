package dev.kite.localstorage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The provisioner's configuration: {@code config.json} of the ConfigMap local-path-config, in the local-path provisioner's form. Immutable.
 *
 * @param any where volumes of classes without a configuration of their own go
 * @param classes by class, where classes are configured; then other classes have none
 * @param setupCommand what makes a folder, empty for this process
 * @param teardownCommand what removes a folder, empty for this process
 * @param patience how long a command may take
 */
record StorageConfig(
        Places any, Map<String, Places> classes, String setupCommand, String teardownCommand, Duration patience) {
    /** The entry of nodePathMap for nodes that have none. */
    static final String OTHER_NODES = "DEFAULT_PATH_FOR_NON_LISTED_NODES";

    private static final int DEFAULT_PATIENCE_SECONDS = 120;
    private static final int MOST_PATIENCE_SECONDS = 3600;

    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(16)
                    .maxNumberLength(40)
                    .build())
            .build());

    /**
     * Where volumes go.
     *
     * @param byNode folders by node
     * @param shared a folder that all nodes share, or null
     */
    record Places(Map<String, List<Path>> byNode, @Nullable Path shared) {
        Places {
            byNode = Map.copyOf(byNode);
        }

        /**
         * Lists a node's folders.
         *
         * @param node the node
         * @return the folders, at least one
         * @throws VolumeException if there is none
         */
        List<Path> of(String node) throws VolumeException {
            if (shared != null) {
                return List.of(shared);
            }
            List<Path> folders = byNode.get(node);
            if (folders == null) {
                folders = byNode.get(OTHER_NODES);
            }
            if (folders == null) {
                throw new VolumeException(
                        "config doesn't contain node " + node + ", and no " + OTHER_NODES + " available");
            }
            if (folders.isEmpty()) {
                throw new VolumeException("no local path available on node " + node);
            }
            return folders;
        }
    }

    StorageConfig {
        classes = Map.copyOf(classes);
    }

    /**
     * Finds a class's places.
     *
     * @param storageClass the class's name
     * @return its places
     * @throws VolumeException if classes are configured, but not this one
     */
    Places places(String storageClass) throws VolumeException {
        if (classes.isEmpty()) {
            return any;
        }
        Places places = classes.get(storageClass);
        if (places == null) {
            throw new VolumeException("storageClassConfigs of the ConfigMap " + OwnedObjects.CONFIG
                    + " has no storage class " + storageClass);
        }
        return places;
    }

    /** @return every folder that volumes may be in */
    List<Path> roots() {
        return Stream.concat(Stream.of(any), classes.values().stream())
                .flatMap(places -> places.shared() == null
                        ? places.byNode().values().stream().flatMap(List::stream)
                        : Stream.of(places.shared()))
                .distinct()
                .toList();
    }

    /**
     * Reads a configuration.
     *
     * @param json the text
     * @return the configuration
     * @throws VolumeException if it is not right
     */
    static StorageConfig parse(String json) throws VolumeException {
        JsonNode root;
        try {
            root = MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw bad("is no JSON: " + e.getOriginalMessage(), e);
        }
        if (root == null || !root.isObject()) {
            throw bad("is no JSON object", null);
        }
        Map<String, Places> classes = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry :
                root.path("storageClassConfigs").properties()) {
            classes.put(entry.getKey(), required(places(entry.getValue())));
        }
        Places any = places(root);
        int seconds = root.path("cmdTimeoutSeconds").asInt(0);
        return new StorageConfig(
                classes.isEmpty() ? required(any) : new Places(Map.of(), null),
                classes,
                root.path("setupCommand").asText(""),
                root.path("teardownCommand").asText(""),
                Duration.ofSeconds(seconds <= 0 ? DEFAULT_PATIENCE_SECONDS : Math.min(seconds, MOST_PATIENCE_SECONDS)));
    }

    private static Places required(Places places) throws VolumeException {
        if (places.shared() != null && !places.byNode().isEmpty()) {
            throw bad("has both nodePathMap and sharedFileSystemPath where one is wanted", null);
        }
        if (places.shared() == null && places.byNode().isEmpty()) {
            throw bad("has neither nodePathMap nor sharedFileSystemPath", null);
        }
        return places;
    }

    private static Places places(JsonNode node) throws VolumeException {
        Map<String, List<Path>> byNode = new TreeMap<>();
        for (JsonNode entry : node.path("nodePathMap")) {
            List<Path> folders = new ArrayList<>();
            for (JsonNode folder : entry.path("paths")) {
                Path path = folder(folder.asText());
                if (folders.contains(path)) {
                    throw bad("has the path " + path + " twice", null);
                }
                folders.add(path);
            }
            if (byNode.put(entry.path("node").asText(), List.copyOf(folders)) != null) {
                throw bad("has the node " + entry.path("node").asText() + " twice", null);
            }
        }
        String shared = node.path("sharedFileSystemPath").asText("");
        return new Places(byNode, shared.isEmpty() ? null : folder(shared));
    }

    private static Path folder(String text) throws VolumeException {
        if (!text.startsWith("/") || text.indexOf('\0') >= 0) {
            throw bad("has the path \"" + text.replace('\0', '?') + "\", which does not start with /", null);
        }
        Path path = Path.of(text).normalize();
        if (path.getNameCount() == 0) {
            throw bad("has the path /, which cannot hold volumes", null);
        }
        return path;
    }

    private static VolumeException bad(String what, @Nullable Throwable cause) {
        String message = OwnedObjects.CONFIG_KEY + " of the ConfigMap " + OwnedObjects.CONFIG + " " + what;
        return cause == null ? new VolumeException(message) : new VolumeException(message, cause);
    }
}
