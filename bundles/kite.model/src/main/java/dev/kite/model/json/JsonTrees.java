package dev.kite.model.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Comparator;

/** Reads and writes Jackson trees, with bounds. Safe for all threads. */
public final class JsonTrees {
    /** Deeper nesting is refused: code that walks trees recurses, on threads of small stacks. */
    public static final int MAX_DEPTH = 300;

    private static final ObjectMapper MAPPER =
            new ObjectMapper(Streams.FACTORY).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final Comparator<JsonNode> NUMBERS_BY_VALUE =
            (a, b) -> a.isNumber() && b.isNumber() ? a.decimalValue().compareTo(b.decimalValue()) : a.equals(b) ? 0 : 1;

    private JsonTrees() {}

    /** A new empty object. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /**
     * Reads one JSON value.
     *
     * @throws JsonCodecException where the bytes are none, or too deep
     */
    public static JsonNode read(byte[] json) {
        try (JsonParser parser = Streams.FACTORY.createParser(json)) {
            JsonNode tree = MAPPER.reader().readTree(parser);
            if (tree == null || tree.isMissingNode()) {
                throw new JsonCodecException("no JSON value", null);
            }
            if (parser.nextToken() != null) {
                throw new JsonCodecException("more than one JSON value", null);
            }
            return tree;
        } catch (JsonProcessingException e) {
            throw new JsonCodecException(e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new JsonCodecException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Reads one JSON object.
     *
     * @throws JsonCodecException where the bytes are none, or too deep
     */
    public static ObjectNode readObject(byte[] json) {
        if (read(json) instanceof ObjectNode object) {
            return object;
        }
        throw new JsonCodecException("not a JSON object", null);
    }

    /** A number node of the class that reading JSON gives, so that trees from elsewhere are equal to read ones. */
    public static JsonNode number(long value) {
        return value == (int) value
                ? MAPPER.getNodeFactory().numberNode((int) value)
                : MAPPER.getNodeFactory().numberNode(value);
    }

    /** Whether two trees are the same JSON: numbers by value, whatever their nodes' classes. */
    public static boolean same(JsonNode a, JsonNode b) {
        return a.equals(NUMBERS_BY_VALUE, b);
    }

    /** Compact UTF-8 JSON. */
    public static byte[] write(JsonNode tree) {
        try {
            return MAPPER.writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new JsonCodecException(e.getOriginalMessage(), e);
        }
    }
}
