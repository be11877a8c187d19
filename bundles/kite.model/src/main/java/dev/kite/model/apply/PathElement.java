package dev.kite.model.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.model.json.JsonCodecException;
import dev.kite.model.json.JsonTrees;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One step of a path, as FieldsV1 writes it: {@code f:name}, {@code k:{"name":"a"}}, {@code v:"x"} or {@code i:0}. Ordered
 * and equal by kind and canonical text.
 *
 * @param kind what the step is
 * @param text a field's name, or the canonical JSON of the key, value or index
 */
public record PathElement(Kind kind, String text) implements Comparable<PathElement> {

    /** What a step goes into. */
    public enum Kind {
        /** A field of an object or an entry of a map. */
        FIELD('f'),
        /** The item of a list with these keys. */
        KEY('k'),
        /** The item of a set. */
        VALUE('v'),
        /** The item of a list by its place. */
        INDEX('i');

        private final char letter;

        Kind(char letter) {
            this.letter = letter;
        }
    }

    private static final Comparator<PathElement> ORDER =
            Comparator.comparing(PathElement::kind).thenComparing(PathElement::text);

    /** A field. */
    public static PathElement field(String name) {
        return new PathElement(Kind.FIELD, name);
    }

    /** An item by the values of its keys. */
    public static PathElement key(SortedMap<String, JsonNode> keys) {
        ObjectNode object = JsonTrees.object();
        keys.forEach(object::set);
        return new PathElement(Kind.KEY, utf8(object));
    }

    /** An item of a set. */
    public static PathElement value(JsonNode value) {
        return new PathElement(Kind.VALUE, utf8(value));
    }

    private static String utf8(JsonNode node) {
        return new String(JsonTrees.write(node), StandardCharsets.UTF_8);
    }

    /**
     * Reads FieldsV1's form.
     *
     * @throws IllegalArgumentException where it is none
     */
    public static PathElement parse(String text) {
        if (text.length() < 2 || text.charAt(1) != ':') {
            throw new IllegalArgumentException("no path element: " + text);
        }
        String rest = text.substring(2);
        try {
            return switch (text.charAt(0)) {
                case 'f' -> field(rest);
                case 'k' -> {
                    SortedMap<String, JsonNode> keys = new TreeMap<>();
                    JsonTrees.readObject(rest.getBytes(StandardCharsets.UTF_8))
                            .properties()
                            .forEach(entry -> keys.put(entry.getKey(), entry.getValue()));
                    yield key(keys);
                }
                case 'v' -> value(JsonTrees.read(rest.getBytes(StandardCharsets.UTF_8)));
                case 'i' -> new PathElement(Kind.INDEX, Integer.toString(Integer.parseInt(rest)));
                default -> throw new IllegalArgumentException("no path element: " + text);
            };
        } catch (JsonCodecException e) {
            throw new IllegalArgumentException("no path element: " + text, e);
        }
    }

    /** FieldsV1's form. */
    public String encode() {
        return kind.letter + ":" + text;
    }

    @Override
    public int compareTo(PathElement other) {
        return ORDER.compare(this, other);
    }

    /** As messages write it: {@code .name}, {@code [name="a"]}, {@code [="x"]} or {@code [0]}. */
    @Override
    public String toString() {
        return switch (kind) {
            case FIELD -> "." + text;
            case KEY ->
                JsonTrees.readObject(text.getBytes(StandardCharsets.UTF_8)).properties().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(",", "[", "]"));
            case VALUE -> "[=" + text + "]";
            case INDEX -> "[" + text + "]";
        };
    }
}
