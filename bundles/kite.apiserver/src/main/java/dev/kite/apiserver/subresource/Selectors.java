package dev.kite.apiserver.subresource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.util.Map;

/** Label selectors as objects have them (meta.v1 LabelSelector), on trees. Stateless. */
public final class Selectors {
    private Selectors() {}

    /**
     * Tells whether a selector selects an object.
     *
     * @param selector the selector; an absent one selects none, an empty one all
     * @param object the object
     * @return whether it does
     */
    public static boolean matches(JsonNode selector, ObjectNode object) {
        if (!selector.isObject()) {
            return false;
        }
        JsonNode labels = Tree.at(object, "metadata", "labels");
        for (Map.Entry<String, JsonNode> wanted : Tree.fields(selector, "matchLabels")) {
            if (!wanted.getValue().equals(labels.get(wanted.getKey()))) {
                return false;
            }
        }
        for (ObjectNode expression : Tree.objects(selector, "matchExpressions")) {
            JsonNode label = labels.get(Tree.text(expression, "key"));
            boolean listed = label != null && Tree.texts(expression, "values").contains(label.asText());
            boolean holds = switch (Tree.text(expression, "operator")) {
                case "In" -> listed;
                case "NotIn" -> !listed;
                case "Exists" -> label != null;
                case "DoesNotExist" -> label == null;
                default -> false;
            };
            if (!holds) {
                return false;
            }
        }
        return true;
    }
}
