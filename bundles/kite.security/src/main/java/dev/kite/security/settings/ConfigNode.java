package dev.kite.security.settings;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.kite.api.arguments.GoDurations;
import dev.kite.security.pki.Pem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A part of a configuration file (YAML or JSON) and where it is. Reads strictly, as upstream does: an unknown or doubled field, or one of another type, is an error whose message
 * names its path. All methods throw IllegalArgumentException. Immutable.
 */
public final class ConfigNode {
    private static final ObjectMapper MAPPER = new ObjectMapper(YAMLFactory.builder()
                    .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
                    .build())
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private final JsonNode node;
    private final String path;

    private ConfigNode(JsonNode node, String path) {
        this.node = node;
        this.path = path;
    }

    /**
     * Reads a configuration of one kind.
     *
     * @param text YAML or JSON
     * @param kind the kind that it must be
     * @param versions the versions of apiserver.config.k8s.io that it may be
     * @return its root
     */
    public static ConfigNode parse(String text, String kind, Set<String> versions) {
        JsonNode root;
        try {
            root = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("it is neither YAML nor JSON: " + firstLine(e.getOriginalMessage()), e);
        }
        if (root == null || !root.isObject()) {
            throw new IllegalArgumentException("it is no " + kind + ": empty, or no object");
        }
        ConfigNode config = new ConfigNode(root, "");
        if (!config.text("kind", "").equals(kind)) {
            throw new IllegalArgumentException(
                    "it is no " + kind + ": its kind is \"" + config.text("kind", "") + "\"");
        }
        String version = config.text("apiVersion", "");
        if (!version.startsWith("apiserver.config.k8s.io/")
                || !versions.contains(version.substring(version.indexOf('/') + 1))) {
            throw new IllegalArgumentException(
                    "apiVersion: \"" + version + "\" is not served for " + kind + "; use apiserver.config.k8s.io/v1");
        }
        return config;
    }

    /**
     * Reads a configuration file, at most 1 MiB.
     *
     * @param file the file
     * @return its text
     * @throws IOException if it can't be read
     */
    public static String read(Path file) throws IOException {
        try {
            return Pem.readFile(file);
        } catch (java.nio.file.NoSuchFileException e) {
            throw new IOException("there is no file " + file, e);
        }
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }

    /** @return where this is, for example {@code jwt[0].issuer} */
    public String path() {
        return path;
    }

    /**
     * Says what is wrong here.
     *
     * @param why what
     * @return to be thrown
     */
    public IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException(path.isEmpty() ? why : path + ": " + why);
    }

    /**
     * Checks that there are no other fields.
     *
     * @param fields the known ones
     * @return this
     */
    public ConfigNode only(String... fields) {
        Set<String> known = Set.of(fields);
        node.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw wrong("unknown field \"" + name + "\"");
            }
        });
        return this;
    }

    /**
     * Whether a field is there and not null.
     *
     * @param field its name
     * @return whether it is
     */
    public boolean has(String field) {
        return node.hasNonNull(field);
    }

    /**
     * An object in a field.
     *
     * @param field its name
     * @return the object; an empty one where the field is absent
     */
    public ConfigNode child(String field) {
        JsonNode child = node.path(field);
        if (!child.isMissingNode() && !child.isNull() && !child.isObject()) {
            throw at(field).wrong("must be an object");
        }
        return new ConfigNode(child.isObject() ? child : MAPPER.createObjectNode(), at(field).path);
    }

    /**
     * The objects of a list.
     *
     * @param field its name
     * @return the objects, none where the field is absent
     */
    public List<ConfigNode> children(String field) {
        List<ConfigNode> children = new ArrayList<>();
        for (JsonNode element : array(field)) {
            ConfigNode child = new ConfigNode(element, at(field).path + "[" + children.size() + "]");
            if (!element.isObject()) {
                throw child.wrong("must be an object");
            }
            children.add(child);
        }
        return children;
    }

    /**
     * The fields of this object, each an object.
     *
     * @return by name, in their order
     */
    public Map<String, ConfigNode> members() {
        Map<String, ConfigNode> members = new LinkedHashMap<>();
        node.fieldNames().forEachRemaining(name -> members.put(name, child(name)));
        return members;
    }

    /**
     * The texts of a list.
     *
     * @param field its name
     * @return the texts, none where the field is absent
     */
    public List<String> texts(String field) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : array(field)) {
            if (!element.isTextual()) {
                throw at(field).wrong("must be a list of strings");
            }
            texts.add(element.asText());
        }
        return texts;
    }

    private JsonNode array(String field) {
        JsonNode array = node.path(field);
        if (!array.isMissingNode() && !array.isNull() && !array.isArray()) {
            throw at(field).wrong("must be a list");
        }
        return array.isArray() ? array : MAPPER.createArrayNode();
    }

    /**
     * A text.
     *
     * @param field its name
     * @param absent the text where the field is absent
     * @return the text
     */
    public String text(String field, String absent) {
        JsonNode text = node.path(field);
        if (text.isMissingNode() || text.isNull()) {
            return absent;
        }
        if (!text.isTextual()) {
            throw at(field).wrong("must be a string");
        }
        return text.asText();
    }

    /**
     * A text that must be there.
     *
     * @param field its name
     * @return the text, not empty
     */
    public String required(String field) {
        String text = text(field, "");
        if (text.isEmpty()) {
            throw at(field).wrong("is required");
        }
        return text;
    }

    /**
     * A boolean.
     *
     * @param field its name
     * @param absent where the field is absent
     * @return the boolean
     */
    public boolean flag(String field, boolean absent) {
        JsonNode flag = node.path(field);
        if (flag.isMissingNode() || flag.isNull()) {
            return absent;
        }
        if (!flag.isBoolean()) {
            throw at(field).wrong("must be true or false");
        }
        return flag.asBoolean();
    }

    /**
     * A duration as Go writes it.
     *
     * @param field its name
     * @param absent where the field is absent
     * @return the duration
     */
    public Duration duration(String field, Duration absent) {
        String text = text(field, "");
        try {
            return text.isEmpty() ? absent : GoDurations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(at(field).path + ": " + e.getMessage(), e);
        }
    }

    /**
     * A field, to say what is wrong with it.
     *
     * @param field its name
     * @return the field
     */
    public ConfigNode at(String field) {
        return new ConfigNode(node.path(field), path.isEmpty() ? field : path + "." + field);
    }
}
