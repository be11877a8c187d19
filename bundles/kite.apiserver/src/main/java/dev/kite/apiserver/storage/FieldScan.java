package dev.kite.apiserver.storage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a few fields of an object's JSON without building a tree: what label and field selectors need. Immutable, thread-safe.
 */
public final class FieldScan {
    private static final JsonFactory JSON = new JsonFactory();

    /** A field on the way to one that is wanted; {@code slot} is where its value goes, or -1. */
    private static final class Step {
        private final Map<String, Step> next = new HashMap<>();
        private int slot = -1;
    }

    private final Step root = new Step();
    private final List<int[]> places = new ArrayList<>();
    private final int slots;

    /**
     * A scan of these fields.
     *
     * @param paths dotted paths through objects, for example {@code spec.nodeName}; where several are given with bars between them, the first that has a value
     *     is read
     */
    public FieldScan(List<String> paths) {
        int count = 0;
        for (String path : paths) {
            String[] choices = path.split("\\|", -1);
            int[] place = new int[choices.length];
            for (int i = 0; i < choices.length; i++) {
                Step step = root;
                for (String name : choices[i].split("\\.", -1)) {
                    step = step.next.computeIfAbsent(name, _ -> new Step());
                }
                if (step.slot < 0) {
                    step.slot = count++;
                }
                place[i] = step.slot;
            }
            places.add(place);
        }
        slots = count;
    }

    /**
     * Reads the fields.
     *
     * @param json an object
     * @return a value for each path, empty where the field is absent; numbers and booleans as they are written
     */
    public List<String> read(byte[] json) {
        String[] found = new String[slots];
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                object(parser, root, found);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a stored object is not JSON", e);
        }
        String[] values = new String[places.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = first(places.get(i), found);
        }
        return List.of(values);
    }

    private static String first(int[] place, String[] found) {
        for (int slot : place) {
            String value = found[slot];
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        return "";
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
            } else if (next.slot >= 0 && value != JsonToken.VALUE_NULL) {
                found[next.slot] = parser.getText();
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
