package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** JSON as Go writes it, which the messages of upstream have. Stateless. */
public final class GoJson {
    private GoJson() {}

    /**
     * Writes a tree: the keys of maps in order, and no sign that HTML would read.
     *
     * @param tree the tree
     * @return its JSON
     */
    public static String of(JsonNode tree) {
        return escaped(sorted(tree));
    }

    /**
     * Writes JSON without the signs that HTML would read.
     *
     * @param json JSON
     * @return the same JSON
     */
    public static String escaped(String json) {
        return json.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026");
    }

    private static String sorted(JsonNode tree) {
        List<String> parts = new ArrayList<>();
        if (tree.isArray()) {
            tree.forEach(element -> parts.add(sorted(element)));
            return "[" + String.join(",", parts) + "]";
        }
        if (!tree.isObject()) {
            return tree.toString();
        }
        tree.properties().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(field -> parts.add(quoted(field.getKey()) + ":" + sorted(field.getValue())));
        return "{" + String.join(",", parts) + "}";
    }

    private static String quoted(String name) {
        return com.fasterxml.jackson.databind.node.TextNode.valueOf(name).toString();
    }
}
