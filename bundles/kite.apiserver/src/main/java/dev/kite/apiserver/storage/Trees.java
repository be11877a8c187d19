package dev.kite.apiserver.storage;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.store.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** Objects as trees: from stored bytes and back. Stateless. */
public final class Trees {
    /** Depth as the model's codecs bound it too; bodies that are deeper are refused when read. */
    private static final int DEPTH = 500;

    private static final JsonMapper MAPPER = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH)
                            .maxStringLength(16 << 20)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .configure(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN, false)
            .build();

    private Trees() {}

    /** @return the mapper, not to be configured further */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    /**
     * Reads what was stored.
     *
     * @param entry the entry
     * @return a new tree with its resourceVersion
     */
    public static ObjectNode of(Entry entry) {
        return of(entry.bytes(), entry.modRevision());
    }

    /**
     * Reads stored bytes.
     *
     * @param bytes an object without its resourceVersion
     * @param revision the revision that wrote it
     * @return a new tree with its resourceVersion
     */
    public static ObjectNode of(byte[] bytes, long revision) {
        ObjectNode tree = parse(bytes);
        tree.withObject("/metadata").put("resourceVersion", Long.toString(revision));
        return tree;
    }

    /**
     * Parses JSON that this server wrote.
     *
     * @param bytes an object
     * @return a new tree
     */
    public static ObjectNode parse(byte[] bytes) {
        try {
            return (ObjectNode) MAPPER.readTree(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("a stored object is not JSON", e);
        }
    }

    /**
     * Writes an object as it is stored: apiVersion, kind and metadata first, without resourceVersion and selfLink.
     *
     * @param tree the object, not changed
     * @return its bytes
     */
    public static byte[] stored(ObjectNode tree) {
        ObjectNode ordered = JsonNodeFactory.instance.objectNode();
        ordered.set("apiVersion", tree.get("apiVersion"));
        ordered.set("kind", tree.get("kind"));
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        if (tree.get("metadata") instanceof ObjectNode given) {
            metadata.setAll(given);
        }
        metadata.remove("resourceVersion");
        metadata.remove("selfLink");
        ordered.set("metadata", metadata);
        for (Map.Entry<String, JsonNode> field : tree.properties()) {
            ordered.putIfAbsent(field.getKey(), field.getValue());
        }
        return write(ordered);
    }

    /**
     * Writes a tree compactly.
     *
     * @param tree the tree
     * @return JSON
     */
    public static byte[] write(JsonNode tree) {
        try {
            return MAPPER.writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Writes a tree indented by two spaces.
     *
     * @param tree the tree
     * @return JSON
     */
    public static byte[] pretty(JsonNode tree) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns an object's metadata, made where it is absent.
     *
     * @param tree the object
     * @return its metadata
     */
    public static ObjectNode metadata(ObjectNode tree) {
        return tree.get("metadata") instanceof ObjectNode metadata ? metadata : tree.putObject("metadata");
    }
}
