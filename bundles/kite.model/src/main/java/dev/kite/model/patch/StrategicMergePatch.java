package dev.kite.model.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.model.schema.FieldDescriptor;
import dev.kite.model.schema.StructDescriptor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Strategic merge patch: a merge patch that merges lists by the schema's merge keys, and understands {@code $patch},
 * {@code $retainKeys}, {@code $setElementOrder/FIELD} and {@code $deleteFromPrimitiveList/FIELD}.
 */
public final class StrategicMergePatch {
    private static final String PATCH = "$patch";
    private static final String RETAIN = "$retainKeys";
    private static final String ORDER = "$setElementOrder/";
    private static final String DELETE = "$deleteFromPrimitiveList/";

    private StrategicMergePatch() {}

    /**
     * What {@code patch} makes of {@code original}; neither is changed.
     *
     * @param type the object's type
     * @throws PatchException 422 where a directive is wrong or a list's item lacks its merge key
     */
    public static ObjectNode apply(ObjectNode original, ObjectNode patch, StructDescriptor type) {
        return merge(original.deepCopy(), patch.deepCopy(), Scope.of(type));
    }

    private static ObjectNode merge(ObjectNode original, ObjectNode patch, Scope scope) {
        JsonNode directive = patch.get(PATCH);
        if (directive != null) {
            return switch (directive.asText()) {
                case "replace" -> {
                    patch.remove(PATCH);
                    yield patch;
                }
                case "delete" -> JsonNodeFactory.instance.objectNode();
                default -> throw unknownDirective(directive, patch);
            };
        }
        retainKeys(original, patch);
        orderedLists(original, patch, scope);
        for (Map.Entry<String, JsonNode> entry : patch.properties()) {
            boolean delete = entry.getKey().startsWith(DELETE);
            String name = delete ? entry.getKey().substring(DELETE.length()) : entry.getKey();
            field(original, name, entry.getValue(), delete, scope);
        }
        return original;
    }

    private static void field(ObjectNode original, String name, JsonNode patch, boolean delete, Scope scope) {
        if (patch.isNull()) {
            original.remove(name);
            return;
        }
        JsonNode present = original.get(name);
        if (present == null || !sameType(present, patch)) {
            if (!delete) {
                setWithoutDirectives(original, name, patch);
            }
            return;
        }
        FieldDescriptor field = scope.field(name);
        if (present instanceof ObjectNode object) {
            original.set(name, replaces(field) ? patch : merge(object, (ObjectNode) patch, scope.child(name)));
        } else if (present instanceof ArrayNode list) {
            original.set(name, mergeLists(list, (ArrayNode) patch, field, scope.child(name), delete));
        } else {
            setWithoutDirectives(original, name, patch);
        }
    }

    private static boolean sameType(JsonNode a, JsonNode b) {
        return a.getNodeType() == b.getNodeType();
    }

    private static boolean replaces(@Nullable FieldDescriptor field) {
        return field != null && field.patchStrategies().contains("replace");
    }

    private static void setWithoutDirectives(ObjectNode original, String name, JsonNode patch) {
        JsonNode plain = withoutDirectives(patch);
        if (plain == null) {
            original.remove(name);
        } else {
            original.set(name, plain);
        }
    }

    /** The patch's value as a value: without nulls, directives, and the objects that {@code $patch} marks. */
    private static @Nullable JsonNode withoutDirectives(JsonNode patch) {
        if (patch instanceof ObjectNode object) {
            if (object.has(PATCH)) {
                return null;
            }
            for (Iterator<Map.Entry<String, JsonNode>> entries =
                            object.properties().iterator();
                    entries.hasNext(); ) {
                Map.Entry<String, JsonNode> entry = entries.next();
                JsonNode plain = entry.getValue().isNull() ? null : withoutDirectives(entry.getValue());
                if (plain == null) {
                    entries.remove();
                } else {
                    entry.setValue(plain);
                }
            }
        } else if (patch instanceof ArrayNode array) {
            List<JsonNode> plain = new ArrayList<>();
            for (JsonNode item : array) {
                JsonNode kept = withoutDirectives(item);
                if (kept != null) {
                    plain.add(kept);
                }
            }
            return array.removeAll().addAll(plain);
        }
        return patch;
    }

    private static void retainKeys(ObjectNode original, ObjectNode patch) {
        JsonNode retain = patch.remove(RETAIN);
        if (retain == null) {
            return;
        }
        Set<String> keys = new HashSet<>();
        retain.forEach(key -> keys.add(key.asText()));
        boolean fits = retain.isArray();
        for (Map.Entry<String, JsonNode> entry : patch.properties()) {
            String name = entry.getKey();
            boolean exempt = entry.getValue().isNull() || name.startsWith(ORDER) || name.startsWith(DELETE);
            fits &= exempt || keys.contains(name);
        }
        if (!fits) {
            throw new PatchException(422, "invalid patch format of retainKeys");
        }
        original.retain(keys);
    }

    /** Merges each list that comes with an order, and takes order and list out of the patch. */
    private static void orderedLists(ObjectNode original, ObjectNode patch, Scope scope) {
        for (String key : List.copyOf(names(patch))) {
            if (!key.startsWith(ORDER)) {
                continue;
            }
            String name = key.substring(ORDER.length());
            ArrayNode order = array(patch.remove(key));
            FieldDescriptor field = scope.field(name);
            String mergeKey = field == null ? "" : field.patchMergeKey();
            ArrayNode present = original.has(name) ? array(original.get(name)) : null;
            ArrayNode changes = patch.has(name) ? array(patch.get(name)) : null;
            if (changes != null) {
                ListOrder.check(changes, order, mergeKey);
            }
            ArrayNode merged = present;
            if (changes != null) {
                merged = present == null
                        ? array(withoutDirectives(changes))
                        : mergeLists(present.deepCopy(), changes, field, scope.child(name), false);
            }
            if (merged != null) {
                ArrayNode server = present == null ? JsonNodeFactory.instance.arrayNode() : present;
                original.set(name, ListOrder.arrange(merged, order, server, mergeKey));
            }
            patch.remove(name);
        }
    }

    private static List<String> names(ObjectNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static ArrayNode array(@Nullable JsonNode node) {
        if (node instanceof ArrayNode array) {
            return array;
        }
        throw new PatchException(
                422, "expected a list, but received a " + (node == null ? "nothing" : node.getNodeType()));
    }

    private static ArrayNode mergeLists(
            ArrayNode original, ArrayNode patch, @Nullable FieldDescriptor field, Scope items, boolean delete) {
        boolean merges = field != null && field.patchStrategies().contains("merge");
        if (!merges && !delete) {
            return patch;
        }
        if (original.isEmpty() && patch.isEmpty()) {
            return original;
        }
        boolean objects = (original.isEmpty() ? patch : original).get(0).isObject();
        String mergeKey = field == null ? "" : field.patchMergeKey();
        if (delete) {
            Set<JsonNode> gone = new HashSet<>();
            patch.forEach(gone::add);
            ArrayNode kept = JsonNodeFactory.instance.arrayNode();
            original.forEach(item -> {
                if (!gone.contains(item)) {
                    kept.add(item);
                }
            });
            return kept;
        }
        if (!objects) {
            return mergeScalars(original, patch);
        }
        if (mergeKey.isEmpty()) {
            throw new PatchException(
                    422, "cannot merge lists without merge key for " + (field == null ? "" : field.name()));
        }
        return mergeObjects(original, patch, mergeKey, items);
    }

    private static ArrayNode mergeScalars(ArrayNode original, ArrayNode patch) {
        Set<JsonNode> all = new java.util.LinkedHashSet<>();
        original.forEach(all::add);
        patch.forEach(all::add);
        ArrayNode merged = JsonNodeFactory.instance.arrayNode();
        all.forEach(merged::add);
        return ListOrder.arrange(merged, patch, original, "");
    }

    private static ArrayNode mergeObjects(ArrayNode original, ArrayNode patch, String mergeKey, Scope items) {
        List<ObjectNode> changes = new ArrayList<>();
        ArrayNode result = original;
        boolean replace = false;
        for (JsonNode item : patch) {
            if (!(item instanceof ObjectNode object)) {
                throw new PatchException(422, "list element types are not identical");
            }
            JsonNode directive = object.get(PATCH);
            if (directive == null) {
                changes.add(object);
            } else if (directive.asText().equals("delete")) {
                result = without(result, ListOrder.key(object, mergeKey), mergeKey);
            } else if (directive.asText().equals("replace")) {
                replace = true;
            } else if (directive.asText().equals("merge")) {
                throw new PatchException(422, "merging lists cannot yet be specified in the patch");
            } else {
                throw unknownDirective(directive, object);
            }
        }
        if (replace) {
            return JsonNodeFactory.instance.arrayNode().addAll(changes);
        }
        ArrayNode server = result.deepCopy();
        Map<JsonNode, Integer> positions = ListOrder.positions(result, mergeKey);
        for (ObjectNode change : changes) {
            JsonNode value = ListOrder.key(change, mergeKey);
            Integer at = positions.get(value);
            if (at != null) {
                result.set(at, merge((ObjectNode) result.get(at), change, items));
            } else {
                JsonNode plain = withoutDirectives(change);
                if (plain != null) {
                    positions.put(value, result.size());
                    result.add(plain);
                }
            }
        }
        ArrayNode order = JsonNodeFactory.instance.arrayNode().addAll(changes);
        return ListOrder.arrange(result, order, server, mergeKey);
    }

    private static ArrayNode without(ArrayNode list, JsonNode key, String mergeKey) {
        ArrayNode kept = JsonNodeFactory.instance.arrayNode();
        list.forEach(item -> {
            if (!key.equals(item.get(mergeKey))) {
                kept.add(item);
            }
        });
        return kept;
    }

    private static PatchException unknownDirective(JsonNode directive, ObjectNode object) {
        return new PatchException(422, "unknown patch type: " + directive.asText() + " in map: " + object);
    }
}
