package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.POJONode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** JSON as Go writes it, which the messages of upstream have. Stateless. */
public final class GoJson {
    private GoJson() {}

    /**
     * A tree as it is shown: the keys of maps in order, and no sign that HTML would read.
     *
     * @param tree the tree, not changed
     * @return what prints so
     */
    public static JsonNode map(JsonNode tree) {
        return tree.isContainerNode() ? raw(sorted(tree)) : tree;
    }

    /**
     * A tree as it is shown that stands for a struct, whose fields have an order of their own.
     *
     * @param tree the tree, not changed
     * @return what prints so
     */
    public static JsonNode struct(JsonNode tree) {
        return raw(tree.toString());
    }

    private static JsonNode raw(String json) {
        return new POJONode(new RawValue(
                json.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")));
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
        return TextNode.valueOf(name).toString();
    }
}
