package dev.kite.apiserver.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads files of the administrator that hold one object, YAML or JSON. Stateless. */
public final class ConfigFile {
    private static final long LIMIT = 4L << 20;

    private ConfigFile() {}

    /**
     * Reads a file.
     *
     * @param file the file, at most 4 MiB
     * @return its object
     * @throws IllegalArgumentException if it can't be read or holds no object; the message names the file
     */
    public static ObjectNode read(Path file) {
        try {
            if (Files.size(file) > LIMIT) {
                throw new IllegalArgumentException(file + " is larger than " + LIMIT + " bytes");
            }
            JsonNode tree = new YAMLMapper().readTree(file.toFile());
            if (tree instanceof ObjectNode object) {
                return object;
            }
            throw new IllegalArgumentException(file + " holds no object");
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " can't be read: " + e.getMessage(), e);
        }
    }
}
