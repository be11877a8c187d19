package dev.kite.model.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** In which order a merged list's items stand: the patch's among those that it names, the server's among the others. */
final class ListOrder {
    private ListOrder() {}

    /** An item's identity: its merge key's value, or itself where there is no merge key. */
    static JsonNode key(JsonNode item, String mergeKey) {
        if (mergeKey.isEmpty()) {
            return item;
        }
        JsonNode value = item instanceof ObjectNode ? item.get(mergeKey) : null;
        if (value == null) {
            throw new PatchException(422, "map: " + item + " does not contain declared merge key: " + mergeKey);
        }
        return value;
    }

    /** Where each item stands, by its identity; the first where several are the same. */
    static Map<JsonNode, Integer> positions(ArrayNode list, String mergeKey) {
        Map<JsonNode, Integer> positions = HashMap.newHashMap(list.size());
        for (int i = 0; i < list.size(); i++) {
            positions.putIfAbsent(key(list.get(i), mergeKey), i);
        }
        return positions;
    }

    /** Refuses a list whose items are not in the order given, or not all in it. */
    static void check(ArrayNode list, ArrayNode order, String mergeKey) {
        Map<JsonNode, Integer> places = positions(order, mergeKey);
        int last = -1;
        for (JsonNode item : list) {
            JsonNode directive = item.isObject() ? item.get("$patch") : null;
            if (directive != null) {
                continue;
            }
            int at = places.getOrDefault(key(item, mergeKey), -1);
            if (at <= last) {
                throw new PatchException(
                        422,
                        "The order in patch list:\n" + list + "\n doesn't match $setElementOrder list:\n" + order
                                + "\n");
            }
            last = at;
        }
    }

    /**
     * Arranges {@code merged}: items in {@code order} in that order, the others as in {@code server}; where both kinds
     * meet, the server's order decides if it knows both, else the patch's item goes first.
     */
    static ArrayNode arrange(ArrayNode merged, ArrayNode order, ArrayNode server, String mergeKey) {
        Map<JsonNode, Integer> named = positions(order, mergeKey);
        Map<JsonNode, Integer> known = positions(server, mergeKey);
        List<Placed> patched = new ArrayList<>();
        List<Placed> others = new ArrayList<>();
        for (JsonNode item : merged) {
            JsonNode key = key(item, mergeKey);
            int inOrder = named.getOrDefault(key, -1);
            int onServer = known.getOrDefault(key, -1);
            (inOrder >= 0 ? patched : others).add(new Placed(item, inOrder, onServer));
        }
        patched.sort(Comparator.comparingInt(Placed::inOrder));
        others.sort(Comparator.comparingInt(Placed::onServer));
        ArrayNode result = JsonNodeFactory.instance.arrayNode(merged.size());
        int i = 0;
        int j = 0;
        while (i < others.size() || j < patched.size()) {
            boolean other =
                    j == patched.size() || (i < others.size() && others.get(i).before(patched.get(j)));
            result.add((other ? others.get(i++) : patched.get(j++)).item());
        }
        return result;
    }

    /** An item with its places in the order given and on the server; -1 where it is not there. */
    private record Placed(JsonNode item, int inOrder, int onServer) {
        boolean before(Placed patched) {
            return onServer >= 0 && patched.onServer >= 0 && onServer < patched.onServer;
        }
    }
}
