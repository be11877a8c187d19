package dev.kite.model.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** JSON merge patch, RFC 7386. */
public final class MergePatch {
    private MergePatch() {}

    /** What {@code patch} makes of {@code target}; neither is changed, and the result shares nothing with them. */
    public static JsonNode apply(JsonNode target, JsonNode patch) {
        if (!(patch instanceof ObjectNode changes)) {
            return patch.deepCopy();
        }
        ObjectNode result =
                target instanceof ObjectNode object ? object.deepCopy() : JsonNodeFactory.instance.objectNode();
        merge(result, changes);
        return result;
    }

    private static void merge(ObjectNode result, ObjectNode changes) {
        for (Map.Entry<String, JsonNode> entry : changes.properties()) {
            String name = entry.getKey();
            JsonNode change = entry.getValue();
            if (change.isNull()) {
                result.remove(name);
            } else if (change instanceof ObjectNode inner) {
                if (!(result.get(name) instanceof ObjectNode)) {
                    result.set(name, JsonNodeFactory.instance.objectNode());
                }
                merge((ObjectNode) result.get(name), inner);
            } else {
                result.set(name, change.deepCopy());
            }
        }
    }
}
