package dev.kite.model.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Merges a configuration into an object: where both have a value, the configuration's wins. */
public final class Merging {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Merging() {}

    /**
     * A new tree; it may share parts with both.
     *
     * @throws ApplyException where an item of the configuration lacks its keys, or a key comes twice
     */
    public static ObjectNode merge(ObjectNode live, ObjectNode config, MergeType type) {
        return objects(live, config, type);
    }

    private static JsonNode merge(@Nullable JsonNode live, JsonNode config, MergeType type) {
        MergeType.Form form = type.form(config);
        if (live == null || live.isNull()) {
            // Into nothing, so that what is within is checked too.
            return switch (form) {
                case SCALAR, ATOMIC -> config;
                case OBJECT -> config instanceof ObjectNode object ? objects(NODES.objectNode(), object, type) : config;
                case KEYED_LIST, SET ->
                    config instanceof ArrayNode list ? lists(NODES.arrayNode(), list, type) : config;
            };
        }
        if (config.isNull()) {
            return form == MergeType.Form.SCALAR ? config : live;
        }
        if (type.form(live) != form) {
            return config;
        }
        return switch (form) {
            case SCALAR, ATOMIC -> config;
            case OBJECT -> {
                if (!live.isObject() || !config.isObject()) {
                    yield config;
                }
                yield objects((ObjectNode) live, (ObjectNode) config, type);
            }
            case KEYED_LIST, SET -> {
                if (!live.isArray() || !config.isArray()) {
                    yield config;
                }
                yield lists((ArrayNode) live, (ArrayNode) config, type);
            }
        };
    }

    private static ObjectNode objects(ObjectNode live, ObjectNode config, MergeType type) {
        ObjectNode result = NODES.objectNode();
        result.setAll(live);
        for (Map.Entry<String, JsonNode> entry : config.properties()) {
            String name = entry.getKey();
            result.set(name, merge(live.get(name), entry.getValue(), type.field(name)));
        }
        return result;
    }

    /**
     * Items of the configuration stand in its order; items that only the live list has stand before the shared item that
     * they stood before, or at the end of what they followed.
     */
    private static ArrayNode lists(ArrayNode live, ArrayNode config, MergeType type) {
        Map<PathElement, JsonNode> mine = index(config, type);
        List<PathElement> left = new ArrayList<>();
        Map<PathElement, JsonNode> theirs = new HashMap<>();
        Set<PathElement> twice = new HashSet<>();
        for (JsonNode item : live) {
            PathElement step = ListItems.step(item, type, live);
            left.add(step);
            if (theirs.put(step, item) != null) {
                twice.add(step);
            }
        }
        // Which of two live items a configuration's item means is unknown: it replaces both.
        theirs.keySet().removeAll(twice);
        List<PathElement> shared = new ArrayList<>(mine.keySet());
        shared.retainAll(new HashSet<>(left));
        List<PathElement> right = new ArrayList<>(mine.keySet());
        Set<PathElement> taken = new HashSet<>();
        ArrayNode result = NODES.arrayNode();
        int i = 0;
        int j = 0;
        int nextShared = 0;
        while (i < left.size() || j < right.size()) {
            if (i < left.size()) {
                PathElement step = left.get(i);
                if (!mine.containsKey(step)) {
                    result.add(live.get(i++));
                    continue;
                }
                boolean due = j < right.size() && step.equals(right.get(j));
                boolean another =
                        nextShared < shared.size() && !shared.get(nextShared).equals(step);
                if (taken.contains(step) || (!due && j < right.size() && another)) {
                    i++; // it stands, or will stand, where the configuration wants it
                    continue;
                }
            }
            if (j < right.size()) {
                PathElement step = right.get(j++);
                taken.add(step);
                result.add(merge(theirs.get(step), Objects.requireNonNull(mine.get(step)), type.item()));
                if (nextShared < shared.size() && shared.get(nextShared).equals(step)) {
                    nextShared++;
                }
            }
        }
        return result;
    }

    /** The configuration's items; none may come twice. */
    private static Map<PathElement, JsonNode> index(JsonNode list, MergeType type) {
        Map<PathElement, JsonNode> items = new LinkedHashMap<>();
        for (JsonNode item : list) {
            PathElement step = ListItems.step(item, type, list);
            if (items.putIfAbsent(step, item) != null) {
                throw new ApplyException("duplicate entries for key " + step);
            }
        }
        return items;
    }
}
