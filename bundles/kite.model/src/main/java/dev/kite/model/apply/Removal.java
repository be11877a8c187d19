package dev.kite.model.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes fields out of a tree, or all but them. */
public final class Removal {
    private Removal() {}

    /** A new tree without the fields of the set; it may share parts with the old. */
    public static ObjectNode remove(ObjectNode tree, FieldSet fields, MergeType type) {
        JsonNode rest = remaining(tree, fields, type);
        return rest instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
    }

    private static @Nullable JsonNode remaining(JsonNode value, FieldSet fields, MergeType type) {
        if (fields.isEmpty()) {
            return value;
        }
        return switch (type.form(value)) {
            case SCALAR -> value;
            case ATOMIC -> null;
            case OBJECT -> {
                ObjectNode kept = JsonNodeFactory.instance.objectNode();
                for (Map.Entry<String, JsonNode> entry : value.properties()) {
                    PathElement step = PathElement.field(entry.getKey());
                    JsonNode rest = fields.hasMember(step)
                            ? null
                            : remaining(entry.getValue(), fields.below(step), type.field(entry.getKey()));
                    if (rest != null) {
                        kept.set(entry.getKey(), rest);
                    }
                }
                yield kept.isEmpty() ? null : kept;
            }
            case KEYED_LIST, SET -> {
                ArrayNode kept = JsonNodeFactory.instance.arrayNode();
                for (JsonNode item : value) {
                    PathElement step = ListItems.step(item, type, value);
                    JsonNode rest = fields.hasMember(step) ? null : remaining(item, fields.below(step), type.item());
                    if (rest != null) {
                        kept.add(rest);
                    }
                }
                yield kept.isEmpty() ? null : kept;
            }
        };
    }

    /** A new tree with only the fields of the set. */
    public static ObjectNode extract(ObjectNode tree, FieldSet fields, MergeType type) {
        JsonNode found = extracted(tree, fields, type);
        return found instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
    }

    private static @Nullable JsonNode extracted(JsonNode value, FieldSet fields, MergeType type) {
        MergeType.Form form = type.form(value);
        if (form == MergeType.Form.SCALAR || form == MergeType.Form.ATOMIC) {
            return value;
        }
        if (form == MergeType.Form.OBJECT) {
            ObjectNode found = JsonNodeFactory.instance.objectNode();
            for (Map.Entry<String, JsonNode> entry : value.properties()) {
                PathElement step = PathElement.field(entry.getKey());
                JsonNode part = part(entry.getValue(), step, fields, type.field(entry.getKey()));
                if (part != null) {
                    found.set(entry.getKey(), part);
                }
            }
            return found.isEmpty() ? null : found;
        }
        ArrayNode found = JsonNodeFactory.instance.arrayNode();
        for (JsonNode item : value) {
            JsonNode part = part(item, ListItems.step(item, type, value), fields, type.item());
            if (part != null) {
                found.add(part);
            }
        }
        return found.isEmpty() ? null : found;
    }

    private static @Nullable JsonNode part(JsonNode value, PathElement step, FieldSet fields, MergeType type) {
        FieldSet below = fields.below(step);
        if (!below.isEmpty()) {
            return extracted(value, below, type);
        }
        return fields.hasMember(step) ? value : null;
    }
}
