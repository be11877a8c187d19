package dev.kite.model.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.model.json.JsonTrees;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON patch, RFC 6902, with Kubernetes' bounds. */
public final class JsonPatch {
    /** More operations are refused. */
    public static final int MAX_OPERATIONS = 10_000;

    /** What all copy operations together may add, in bytes of compact JSON. */
    public static final long MAX_COPIED = 1 << 20;

    private JsonNode document;
    private long copied;

    private JsonPatch(JsonNode document) {
        this.document = document;
    }

    /**
     * What {@code patch} makes of {@code target}; neither is changed.
     *
     * @throws PatchException 400 where it is no patch, 413 where it is too large, 422 where an operation fails
     */
    public static JsonNode apply(JsonNode target, JsonNode patch) {
        if (!(patch instanceof ArrayNode operations)) {
            throw new PatchException(400, "a JSON patch is an array of operations");
        }
        if (operations.size() > MAX_OPERATIONS) {
            throw new PatchException(
                    413,
                    "The allowed maximum operations in a JSON patch is " + MAX_OPERATIONS + ", got "
                            + operations.size());
        }
        JsonPatch run = new JsonPatch(target.deepCopy());
        for (JsonNode operation : operations) {
            run.operation(operation);
        }
        return run.document;
    }

    private void operation(JsonNode operation) {
        String name = text(operation, "op");
        List<String> path = pointer(text(operation, "path"));
        switch (name) {
            case "add" -> add(path, value(operation).deepCopy(), name);
            case "remove" -> remove(path, name);
            case "replace" -> replace(path, value(operation).deepCopy());
            case "move" -> move(pointer(text(operation, "from")), path);
            case "copy" -> copy(pointer(text(operation, "from")), path);
            case "test" -> test(path, operation.path("value"));
            default -> throw new PatchException(400, "Unexpected kind: " + name);
        }
    }

    private static String text(JsonNode operation, String field) {
        JsonNode value = operation.get(field);
        if (value == null || !value.isTextual()) {
            throw new PatchException(400, "an operation of a JSON patch needs the string \"" + field + "\"");
        }
        return value.textValue();
    }

    /** No value is null, as upstream's library reads it. */
    private static JsonNode value(JsonNode operation) {
        JsonNode value = operation.get("value");
        return value == null ? JsonNodeFactory.instance.nullNode() : value;
    }

    private static List<String> pointer(String text) {
        List<String> parts = new ArrayList<>();
        if (text.isEmpty()) {
            return parts;
        }
        if (text.charAt(0) != '/') {
            throw new PatchException(422, "a path starts with a slash: '" + text + "'");
        }
        for (String part : text.substring(1).split("/", -1)) {
            parts.add(part.replace("~1", "/").replace("~0", "~"));
        }
        return parts;
    }

    private void move(List<String> from, List<String> to) {
        if (to.size() > from.size() && to.subList(0, from.size()).equals(from)) {
            throw new PatchException(422, "a value cannot be moved into itself: " + path(from));
        }
        JsonNode value = find(from, "move");
        remove(from, "move");
        add(to, value, "move");
    }

    private void copy(List<String> from, List<String> to) {
        JsonNode value = find(from, "copy").deepCopy();
        copied += JsonTrees.write(value).length;
        if (copied > MAX_COPIED) {
            throw new PatchException(
                    413,
                    "Unable to complete the copy, the accumulated size increase of copy is " + copied
                            + ", exceeding the limit " + MAX_COPIED);
        }
        add(to, value, "copy");
    }

    private void test(List<String> path, JsonNode expected) {
        JsonNode found = lookup(path);
        boolean equal = found == null ? expected.isNull() || expected.isMissingNode() : JsonTrees.same(found, expected);
        if (!equal) {
            throw new PatchException(422, "testing value " + path(path) + " failed: test failed");
        }
    }

    private void replace(List<String> path, JsonNode value) {
        if (path.isEmpty()) {
            document = value;
            return;
        }
        JsonNode parent = parent(path, "replace");
        String last = path.getLast();
        if (parent instanceof ObjectNode object) {
            // As upstream's library, a key that is not there is made.
            object.set(last, value);
        } else {
            ArrayNode array = (ArrayNode) parent;
            array.set(index(last, array.size(), "replace", path), value);
        }
    }

    private void remove(List<String> path, String operation) {
        if (path.isEmpty()) {
            document = JsonNodeFactory.instance.nullNode();
            return;
        }
        JsonNode parent = parent(path, operation);
        String last = path.getLast();
        if (parent instanceof ObjectNode object) {
            if (object.remove(last) == null) {
                throw new PatchException(
                        422,
                        "error in " + operation + " for path: '" + path(path) + "': Unable to remove nonexistent key: "
                                + last + ": missing value");
            }
        } else {
            ArrayNode array = (ArrayNode) parent;
            array.remove(index(last, array.size(), operation, path));
        }
    }

    private void add(List<String> path, JsonNode value, String operation) {
        if (path.isEmpty()) {
            document = value;
            return;
        }
        JsonNode parent = parent(path, operation);
        String last = path.getLast();
        if (parent instanceof ObjectNode object) {
            object.set(last, value);
        } else {
            ArrayNode array = (ArrayNode) parent;
            array.insert(last.equals("-") ? array.size() : index(last, array.size() + 1, operation, path), value);
        }
    }

    /** The object or array that holds the last part of a path. */
    private JsonNode parent(List<String> path, String operation) {
        JsonNode parent = lookup(path.subList(0, path.size() - 1));
        if (parent == null || !parent.isContainerNode()) {
            throw missing(operation, path);
        }
        return parent;
    }

    private JsonNode find(List<String> path, String operation) {
        JsonNode found = lookup(path);
        if (found == null) {
            throw missing(operation, path);
        }
        return found;
    }

    private @Nullable JsonNode lookup(List<String> path) {
        JsonNode at = document;
        for (String part : path) {
            if (at instanceof ArrayNode array) {
                at = isIndex(part) ? array.get(fromEnd(part, array.size())) : null;
            } else {
                at = at.get(part);
            }
            if (at == null) {
                return null;
            }
        }
        return at;
    }

    private static boolean isIndex(String part) {
        return part.matches("0|-?[1-9][0-9]{0,8}");
    }

    /** Negative indices count from the end, as Kubernetes' library has it. */
    private static int fromEnd(String part, int size) {
        int index = Integer.parseInt(part);
        return index < 0 ? size + index : index;
    }

    private static int index(String part, int bound, String operation, List<String> path) {
        int index = isIndex(part) ? fromEnd(part, bound) : -1;
        if (index < 0 || index >= bound) {
            throw new PatchException(
                    422,
                    "error in " + operation + " for path: '" + path(path) + "': Unable to access invalid index: "
                            + part);
        }
        return index;
    }

    private static PatchException missing(String operation, List<String> path) {
        return new PatchException(
                422, operation + " operation does not apply: doc is missing path: " + path(path) + ": missing value");
    }

    private static String path(List<String> parts) {
        StringBuilder text = new StringBuilder();
        parts.forEach(part -> text.append('/').append(part.replace("~", "~0").replace("/", "~1")));
        return text.toString();
    }
}
