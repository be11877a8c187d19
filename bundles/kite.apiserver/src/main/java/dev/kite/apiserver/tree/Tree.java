package dev.kite.apiserver.tree;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads JSON trees leniently: what is absent, null or of another type reads as empty. Stateless. */
public final class Tree {
    private Tree() {}

    /**
     * Follows field names.
     *
     * @param node where to start
     * @param path the field names
     * @return the node there, or a missing node
     */
    public static JsonNode at(@Nullable JsonNode node, String... path) {
        JsonNode here = node == null ? MissingNode.getInstance() : node;
        for (String name : path) {
            here = here.path(name);
        }
        return here;
    }

    /**
     * Reads a string.
     *
     * @param node where to start
     * @param path the field names
     * @return the string there, empty if there is none
     */
    public static String text(@Nullable JsonNode node, String... path) {
        JsonNode found = at(node, path);
        return found.isTextual() ? found.textValue() : "";
    }

    /**
     * Reads an integer.
     *
     * @param node where to start
     * @param path the field names
     * @return the number there without its fraction, 0 if there is none
     */
    public static long number(@Nullable JsonNode node, String... path) {
        JsonNode found = at(node, path);
        return found.isNumber() ? found.longValue() : 0;
    }

    /**
     * Reads a boolean.
     *
     * @param node where to start
     * @param path the field names
     * @return whether true is there
     */
    public static boolean flag(@Nullable JsonNode node, String... path) {
        JsonNode found = at(node, path);
        return found.isBoolean() && found.booleanValue();
    }

    /**
     * Tells whether a value is there.
     *
     * @param node where to start
     * @param path the field names
     * @return whether something other than null is there
     */
    public static boolean has(@Nullable JsonNode node, String... path) {
        JsonNode found = at(node, path);
        return !found.isMissingNode() && !found.isNull();
    }

    /**
     * Reads an array's objects.
     *
     * @param node where to start
     * @param path the field names
     * @return the objects in the array there; elements of other types are left out
     */
    public static List<ObjectNode> objects(@Nullable JsonNode node, String... path) {
        List<ObjectNode> found = new ArrayList<>();
        if (at(node, path) instanceof ArrayNode array) {
            for (JsonNode element : array) {
                if (element instanceof ObjectNode object) {
                    found.add(object);
                }
            }
        }
        return found;
    }

    /**
     * Reads an array's strings.
     *
     * @param node where to start
     * @param path the field names
     * @return the strings in the array there; elements of other types are left out
     */
    public static List<String> texts(@Nullable JsonNode node, String... path) {
        List<String> found = new ArrayList<>();
        if (at(node, path) instanceof ArrayNode array) {
            for (JsonNode element : array) {
                if (element.isTextual()) {
                    found.add(element.textValue());
                }
            }
        }
        return found;
    }

    /**
     * Reads an object's fields.
     *
     * @param node where to start
     * @param path the field names
     * @return the fields of the object there, in its order
     */
    public static List<Map.Entry<String, JsonNode>> fields(@Nullable JsonNode node, String... path) {
        return at(node, path) instanceof ObjectNode object ? List.copyOf(object.properties()) : List.of();
    }

    /**
     * Finds an object to write into.
     *
     * @param node where to start
     * @param path the field names
     * @return the object there, null if there is none
     */
    public static @Nullable ObjectNode object(@Nullable JsonNode node, String... path) {
        return at(node, path) instanceof ObjectNode object ? object : null;
    }
}
