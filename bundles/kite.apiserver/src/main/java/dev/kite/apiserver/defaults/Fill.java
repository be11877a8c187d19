package dev.kite.apiserver.defaults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sets fields that are not set. Stateless; a value of a wrong type counts as set, so that validation sees it. */
final class Fill {
    private Fill() {}

    /** Whether a field is absent or null. */
    static boolean absent(ObjectNode object, String field) {
        return !object.hasNonNull(field);
    }

    /** Sets a string that is absent or empty. */
    static void text(ObjectNode object, String field, String value) {
        JsonNode now = object.get(field);
        if (now == null || now.isNull() || (now.isTextual() && now.textValue().isEmpty())) {
            object.put(field, value);
        }
    }

    /** Sets a string that is absent; an empty one is a value. */
    static void pointer(ObjectNode object, String field, String value) {
        if (absent(object, field)) {
            object.put(field, value);
        }
    }

    /** Sets a number that is absent. */
    static void number(ObjectNode object, String field, int value) {
        if (absent(object, field)) {
            object.put(field, value);
        }
    }

    /** Sets a number that is absent or zero. */
    static void nonZero(ObjectNode object, String field, int value) {
        JsonNode now = object.get(field);
        if (now == null || now.isNull() || (now.isNumber() && now.longValue() == 0)) {
            object.put(field, value);
        }
    }

    /** Sets a boolean that is absent. */
    static void flag(ObjectNode object, String field, boolean value) {
        if (absent(object, field)) {
            object.put(field, value);
        }
    }

    /** The object in a field, made if absent; null if something else is there. */
    static @Nullable ObjectNode object(ObjectNode object, String field) {
        if (absent(object, field)) {
            return object.putObject(field);
        }
        return object.get(field) instanceof ObjectNode found ? found : null;
    }

    /** Does something with the object in a field, made if absent. */
    static void in(ObjectNode object, String field, Consumer<ObjectNode> then) {
        ObjectNode found = object(object, field);
        if (found != null) {
            then.accept(found);
        }
    }

    /** Does something with the object at a path, if there is one. */
    static void at(ObjectNode object, Consumer<ObjectNode> then, String... path) {
        ObjectNode found = Tree.object(object, path);
        if (found != null) {
            then.accept(found);
        }
    }

    /** Does something with each object of the array at a path. */
    static void each(ObjectNode object, Consumer<ObjectNode> then, String... path) {
        if (Tree.at(object, path) instanceof ArrayNode array) {
            for (JsonNode element : array) {
                if (element instanceof ObjectNode found) {
                    then.accept(found);
                }
            }
        }
    }

    /** Copies fields that are absent from one object to another. */
    static void missing(ObjectNode into, JsonNode from) {
        for (var field : Tree.fields(from)) {
            if (absent(into, field.getKey())) {
                into.set(field.getKey(), field.getValue().deepCopy());
            }
        }
    }
}
