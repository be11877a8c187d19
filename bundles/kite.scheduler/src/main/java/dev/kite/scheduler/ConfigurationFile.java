package dev.kite.scheduler;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.kite.api.arguments.ArgumentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** A part of the scheduler's configuration file with its path in it, read strictly: whatever is wrong is refused in one line. Immutable. */
record ConfigurationFile(JsonNode node, String path) {
    private static final long LIMIT = 1L << 20;

    /** Reads the file, YAML or JSON; throws ArgumentException if that fails. */
    static ConfigurationFile read(Path file) {
        try {
            if (Files.size(file) > LIMIT) {
                throw wrong(file + " is larger than " + LIMIT + " bytes");
            }
            JsonNode tree = YAMLMapper.builder()
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .build()
                    .readTree(file.toFile());
            return new ConfigurationFile(tree, "");
        } catch (IOException e) {
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new ArgumentException("--kube-scheduler-arg: config: " + file + " can't be read: " + reason);
        }
    }

    static ArgumentException wrong(String why) {
        return new ArgumentException("--kube-scheduler-arg: config: " + why);
    }

    /** That this value is not taken, in upstream's form. */
    ArgumentException invalid(String why) {
        return wrong(path + ": Invalid value: " + node + ": " + why);
    }

    /** Throws unless it is an object, or not there, of no other fields. */
    ConfigurationFile only(Set<String> known) {
        if (given() && !node.isObject()) {
            throw invalid("must be an object");
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw wrong("strict decoding error: unknown field \"" + child(name) + "\"");
            }
        }
        return this;
    }

    private String child(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    ConfigurationFile get(String name) {
        return new ConfigurationFile(node.path(name), child(name));
    }

    boolean given() {
        return !node.isMissingNode() && !node.isNull();
    }

    /** Its elements, none where it is not there. */
    List<ConfigurationFile> elements() {
        if (given() && !node.isArray()) {
            throw invalid("must be a list");
        }
        List<ConfigurationFile> elements = new ArrayList<>();
        for (int i = 0; given() && i < node.size(); i++) {
            elements.add(new ConfigurationFile(node.get(i), path + "[" + i + "]"));
        }
        return elements;
    }

    String text() {
        if (given() && !node.isTextual()) {
            throw invalid("must be a string");
        }
        return given() ? node.textValue() : "";
    }

    /** Throws unless it is true, false or not there. */
    void flag() {
        if (given() && !node.isBoolean()) {
            throw invalid("must be true or false");
        }
    }

    /** Its number within bounds, or another where it is not there; throws, with what is wrong of one out of them. */
    long number(long otherwise, long least, long most, String why) {
        if (!given()) {
            return otherwise;
        }
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw invalid("must be a whole number");
        }
        if (node.longValue() < least || node.longValue() > most) {
            throw invalid(why);
        }
        return node.longValue();
    }
}
