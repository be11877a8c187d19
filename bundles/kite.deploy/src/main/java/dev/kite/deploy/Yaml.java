package dev.kite.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * YAML as Kubernetes' tools read it: YAML 1.1's plain scalars ({@code yes} is true, {@code 0644} is 420), but dates and sexagesimal numbers stay text. Nothing is
 * constructed but trees; size, depth and aliases are bounded.
 */
final class Yaml {
    /** More than etcd's 1.5 MiB an object, since a file holds several. */
    private static final int MAX_SIZE = 16 << 20;

    private static final int MAX_DEPTH = 100;
    /** How many nodes all aliases together may unfold to: a small file must not become a large tree. */
    private static final int MAX_NODES = 1_000_000;

    private static final Set<String> TRUE = Set.of("true", "yes", "on", "y");
    private static final Set<String> FALSE = Set.of("false", "no", "off", "n");
    private static final Set<String> NULL = Set.of("", "~", "null", "Null", "NULL");
    private static final Pattern INTEGER = Pattern.compile("[-+]?(0b[01_]+|0o?[0-7_]+|0x[0-9a-fA-F_]+|0|[1-9][0-9_]*)");
    private static final Pattern FLOAT = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

    private static final Tag PLAIN = new Tag("tag:kite.dev,2026:plain");
    private static final Set<Tag> TYPED = Set.of(Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL);

    private int nodes;

    private Yaml() {}

    /** Reads all documents of a text; empty ones are left out. */
    static List<JsonNode> read(String text) throws ManifestException {
        if (text.length() > MAX_SIZE) {
            throw new ManifestException("it is larger than 16 MiB");
        }
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_SIZE);
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setMaxAliasesForCollections(1000);
        try {
            Composer composer = new Composer(new ParserImpl(new StreamReader(text), options), new Untyped(), options);
            Yaml yaml = new Yaml();
            List<JsonNode> documents = new ArrayList<>();
            while (composer.checkNode()) {
                JsonNode document = yaml.tree(composer.getNode(), new HashSet<>());
                if (!document.isNull()) {
                    documents.add(document);
                }
            }
            return documents;
        } catch (YAMLException | IllegalArgumentException e) {
            throw new ManifestException(firstLine(e), e);
        }
    }

    private static String firstLine(Exception e) {
        String message = String.valueOf(e.getMessage()).strip();
        return message.lines()
                .limit(4)
                .map(String::strip)
                .reduce((a, b) -> a + "; " + b)
                .orElse("malformed YAML");
    }

    /** Tells plain scalars from quoted ones and leaves their meaning to {@link #plain}. */
    private static final class Untyped extends Resolver {
        @Override
        protected void addImplicitResolvers() {
            // None: what a plain scalar means is decided from its text.
        }

        @Override
        public Tag resolve(NodeId kind, String value, boolean implicit) {
            return switch (kind) {
                case scalar -> !implicit ? Tag.STR : value.equals("<<") ? Tag.MERGE : PLAIN;
                case sequence -> Tag.SEQ;
                default -> Tag.MAP;
            };
        }
    }

    private JsonNode tree(Node node, Set<Node> above) {
        if (++nodes > MAX_NODES) {
            throw new IllegalArgumentException("aliases unfold to more than " + MAX_NODES + " values");
        }
        return switch (node) {
            case ScalarNode scalar -> scalar(scalar);
            case SequenceNode sequence -> {
                enter(node, above);
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                sequence.getValue().forEach(item -> array.add(tree(item, above)));
                above.remove(node);
                yield array;
            }
            case MappingNode mapping -> {
                enter(node, above);
                ObjectNode object = JsonNodeFactory.instance.objectNode();
                fill(object, mapping, above);
                above.remove(node);
                yield object;
            }
            default -> throw new IllegalArgumentException("unknown YAML node");
        };
    }

    private static void enter(Node node, Set<Node> above) {
        if (!above.add(node)) {
            throw new IllegalArgumentException("an alias contains itself");
        }
    }

    private void fill(ObjectNode object, MappingNode mapping, Set<Node> above) {
        Set<String> own = ownKeys(mapping);
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                throw new IllegalArgumentException(
                        "a key that is no text" + entry.getKeyNode().getStartMark());
            }
            if (key.getTag().equals(Tag.MERGE)) {
                merge(object, entry.getValueNode(), own, above);
                continue;
            }
            object.set(key.getValue(), tree(entry.getValueNode(), above));
        }
    }

    private static Set<String> ownKeys(MappingNode mapping) {
        Set<String> keys = new HashSet<>();
        for (NodeTuple entry : mapping.getValue()) {
            if (entry.getKeyNode() instanceof ScalarNode key && !key.getTag().equals(Tag.MERGE)) {
                keys.add(key.getValue());
            }
        }
        return keys;
    }

    /** What is merged yields to the map's own keys, and earlier maps win over later ones. */
    private void merge(ObjectNode object, Node value, Set<String> own, Set<Node> above) {
        JsonNode merged = tree(value, above);
        Iterable<JsonNode> maps = merged.isArray() ? merged : List.of(merged);
        Set<String> taken = new HashSet<>(own);
        for (JsonNode map : maps) {
            for (var field : map.properties()) {
                if (taken.add(field.getKey())) {
                    object.set(field.getKey(), field.getValue());
                }
            }
        }
    }

    private static JsonNode scalar(ScalarNode node) {
        Tag tag = node.getTag();
        if (tag.equals(PLAIN) || TYPED.contains(tag)) {
            return plain(node.getValue());
        }
        String text = node.getValue();
        return JsonNodeFactory.instance.textNode(tag.equals(Tag.BINARY) ? text.replaceAll("\\s", "") : text);
    }

    static JsonNode plain(String text) {
        JsonNodeFactory make = JsonNodeFactory.instance;
        if (NULL.contains(text)) {
            return make.nullNode();
        }
        String lower = isWord(text) ? text.toLowerCase(Locale.ROOT) : "";
        if (TRUE.contains(lower)) {
            return make.booleanNode(true);
        }
        if (FALSE.contains(lower)) {
            return make.booleanNode(false);
        }
        if (INTEGER.matcher(text).matches()) {
            BigInteger value = integer(text);
            return value.bitLength() < 64 ? make.numberNode(value.longValue()) : make.numberNode(value);
        }
        if (FLOAT.matcher(text).matches()) {
            return make.numberNode(new BigDecimal(text));
        }
        return make.textNode(text);
    }

    /** Words are lower case, upper case or start with a capital; yEs is text. */
    private static boolean isWord(String text) {
        String tail = text.substring(1);
        return tail.equals(tail.toLowerCase(Locale.ROOT)) || text.equals(text.toUpperCase(Locale.ROOT));
    }

    private static BigInteger integer(String text) {
        String digits = text.replace("_", "");
        boolean negative = digits.startsWith("-");
        if (negative || digits.startsWith("+")) {
            digits = digits.substring(1);
        }
        int radix = 10;
        int skip = 0;
        if (digits.startsWith("0x")) {
            radix = 16;
            skip = 2;
        } else if (digits.startsWith("0b")) {
            radix = 2;
            skip = 2;
        } else if (digits.startsWith("0o")) {
            radix = 8;
            skip = 2;
        } else if (digits.startsWith("0") && digits.length() > 1) {
            radix = 8;
            skip = 1;
        }
        BigInteger value = new BigInteger(digits.substring(skip), radix);
        return negative ? value.negate() : value;
    }
}
