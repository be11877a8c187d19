package dev.kite.apiserver.storage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a few fields of an object's JSON without building a tree: what label and field selectors need. Immutable, thread-safe.
 */
public final class FieldScan {
    private static final JsonFactory JSON = new JsonFactory();

    /** A field on the way to one that is wanted; {@code index} is the wanted field's, or -1. */
    private static final class Step {
        private final Map<String, Step> next = new HashMap<>();
        private int index = -1;
    }

    private final Step root = new Step();
    private final List<String> paths;

    /**
     * A scan of these fields.
     *
     * @param paths dotted paths through objects, for example {@code spec.nodeName}
     */
    public FieldScan(List<String> paths) {
        this.paths = List.copyOf(paths);
        for (int i = 0; i < paths.size(); i++) {
            Step step = root;
            for (String name : paths.get(i).split("\\.")) {
                step = step.next.computeIfAbsent(name, _ -> new Step());
            }
            step.index = i;
        }
    }

    /**
     * Reads the fields.
     *
     * @param json an object
     * @return a value for each path, empty where the field is absent; numbers and booleans as they are written
     */
    public List<String> read(byte[] json) {
        String[] found = new String[paths.size()];
        java.util.Arrays.fill(found, "");
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                object(parser, root, found);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a stored object is not JSON", e);
        }
        return List.of(found);
    }

    private static void object(JsonParser parser, Step step, String[] found) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            Step next = step.next.get(parser.currentName());
            JsonToken value = parser.nextToken();
            if (next == null) {
                parser.skipChildren();
            } else if (value == JsonToken.START_OBJECT) {
                object(parser, next, found);
            } else if (value == JsonToken.START_ARRAY) {
                parser.skipChildren();
            } else if (next.index >= 0 && value != JsonToken.VALUE_NULL) {
                found[next.index] = parser.getText();
            }
        }
    }

    /**
     * Reads an object's labels.
     *
     * @param json an object
     * @return its labels, none where it has none
     */
    static Map<String, String> labels(byte[] json) {
        try (JsonParser parser = JSON.createParser(json)) {
            if (!enter(parser, "metadata") || !enter(parser, "labels")) {
                return Map.of();
            }
            Map<String, String> labels = new LinkedHashMap<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                labels.put(name, parser.getText());
            }
            return Map.copyOf(labels);
        } catch (IOException e) {
            throw new UncheckedIOException("a stored object is not JSON", e);
        }
    }

    /** Moves to the first token inside the object's field of that name, from before the object's start. */
    private static boolean enter(JsonParser parser, String name) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT && parser.nextToken() != JsonToken.START_OBJECT) {
            return false;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean here = parser.currentName().equals(name);
            JsonToken value = parser.nextToken();
            if (here) {
                return value == JsonToken.START_OBJECT;
            }
            parser.skipChildren();
        }
        return false;
    }

    /**
     * Finds where metadata's fields start.
     *
     * @param json an object
     * @return the offset behind metadata's opening brace, or -1 where it has none
     */
    static int metadataOffset(byte[] json) {
        try (JsonParser parser = JSON.createParser(json)) {
            return enter(parser, "metadata")
                    ? Math.toIntExact(parser.currentTokenLocation().getByteOffset() + 1)
                    : -1;
        } catch (IOException e) {
            throw new UncheckedIOException("a stored value is not JSON", e);
        }
    }
}
