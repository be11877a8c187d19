package dev.kite.model.apply;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.SortedMap;
import java.util.TreeMap;

/** What identifies the items of a keyed list or a set. */
final class ListItems {
    private ListItems() {}

    /**
     * The step to an item.
     *
     * @throws ApplyException where an item lacks its keys
     */
    static PathElement step(JsonNode item, MergeType list, JsonNode of) {
        if (list.form(of) == MergeType.Form.SET) {
            if (item.isContainerNode()) {
                throw new ApplyException("a set holds scalars only, not " + item);
            }
            return PathElement.value(item);
        }
        if (!item.isObject()) {
            throw new ApplyException("a keyed list holds objects only, not " + item);
        }
        SortedMap<String, JsonNode> keys = new TreeMap<>();
        for (String key : list.keys()) {
            JsonNode value = item.get(key);
            JsonNode present = value == null || value.isNull() ? list.keyDefault(key) : value;
            if (present != null) {
                keys.put(key, present);
            }
        }
        if (keys.isEmpty()) {
            throw new ApplyException("associative list with keys has an element that omits all key fields "
                    + list.keys() + " (and doesn't have default values for any key fields)");
        }
        return PathElement.key(keys);
    }
}
