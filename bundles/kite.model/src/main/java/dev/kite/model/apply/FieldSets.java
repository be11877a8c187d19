package dev.kite.model.apply;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** Which fields a tree has. */
public final class FieldSets {
    private FieldSets() {}

    /**
     * The leaves of a tree, and the items and entries that hold them.
     *
     * @throws ApplyException where an item of a keyed list lacks its keys
     */
    public static FieldSet of(JsonNode tree, MergeType type) {
        FieldSet.Builder builder = new FieldSet.Builder();
        gather(tree, type, builder);
        return builder.build();
    }

    private static void gather(JsonNode value, MergeType type, FieldSet.Builder at) {
        switch (type.form(value)) {
            case SCALAR, ATOMIC -> at.member();
            case OBJECT -> {
                for (Map.Entry<String, JsonNode> entry : value.properties()) {
                    FieldSet.Builder below = at.at(PathElement.field(entry.getKey()));
                    JsonNode inner = entry.getValue();
                    gather(inner, type.field(entry.getKey()), below);
                    boolean empty = inner.isNull() || (inner.isObject() && inner.isEmpty());
                    if (empty || !type.names(entry.getKey())) {
                        below.member();
                    }
                }
            }
            case KEYED_LIST, SET -> {
                for (JsonNode item : value) {
                    FieldSet.Builder below = at.at(ListItems.step(item, type, value));
                    gather(item, type.item(), below);
                    below.member();
                }
            }
        }
    }
}
