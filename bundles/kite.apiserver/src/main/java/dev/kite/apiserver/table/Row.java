package dev.kite.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** An object to be shown at a moment. */
record Row(ObjectNode object, Instant now) {
    static final String NONE = "<none>";
    static final String UNSET = "<unset>";
    static final String UNKNOWN = "<unknown>";

    JsonNode at(String... path) {
        return Tree.at(object, path);
    }

    boolean has(String... path) {
        return Tree.has(object, path);
    }

    String text(String... path) {
        return Tree.text(object, path);
    }

    /** The string there, or other where it is missing or empty. */
    String or(String other, String... path) {
        String found = Tree.text(object, path);
        return found.isEmpty() ? other : found;
    }

    long number(String... path) {
        return Tree.number(object, path);
    }

    boolean flag(String... path) {
        return Tree.flag(object, path);
    }

    List<ObjectNode> objects(String... path) {
        return Tree.objects(object, path);
    }

    List<String> texts(String... path) {
        return Tree.texts(object, path);
    }

    /** How many fields or elements are there. */
    long size(String... path) {
        return Tree.at(object, path).size();
    }

    boolean deleted() {
        return has("metadata", "deletionTimestamp");
    }

    String annotation(String key) {
        return text("metadata", "annotations", key);
    }

    String since(String... path) {
        return Age.since(text(path), now);
    }

    /** The value as a whole number or string such as 25%, or other. */
    String intOrString(String other, String... path) {
        JsonNode found = at(path);
        return found.isValueNode() && !found.isNull() ? found.asText() : other;
    }

    /** The first condition of a type, an empty object if there is none. */
    JsonNode condition(String type) {
        for (ObjectNode condition : objects("status", "conditions")) {
            if (Tree.text(condition, "type").equals(type)) {
                return condition;
            }
        }
        return Tree.at(null);
    }

    boolean conditionIs(String type, String status) {
        return Tree.text(condition(type), "status").equals(status);
    }

    String joined(String... path) {
        return String.join(",", texts(path));
    }

    /** The pairs of a map of strings as k=v, sorted by key. */
    String labels(String... path) {
        List<String> pairs = Tree.fields(object, path).stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e -> e.getKey() + "=" + e.getValue().asText())
                .toList();
        return pairs.isEmpty() ? NONE : String.join(",", pairs);
    }

    String selector(String... path) {
        return Selectors.format(at(path));
    }
}
