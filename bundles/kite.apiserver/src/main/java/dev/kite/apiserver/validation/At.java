package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A place in an object, and where to tell what is wrong with it. Reading what is not there gives an empty place. Confined to its thread.
 *
 * @param errors where errors go
 * @param path the field path
 * @param node what is there, missing if nothing is
 */
record At(List<FieldError> errors, String path, JsonNode node) {
    static final String NEGATIVE = "must be greater than or equal to 0";
    static final String IMMUTABLE = "field is immutable";

    /** The root of an object. */
    static At root(List<FieldError> errors, JsonNode object) {
        return new At(errors, "", object);
    }

    At field(String... names) {
        At here = this;
        for (String name : names) {
            here = new At(errors, here.path.isEmpty() ? name : here.path + "." + name, here.node.path(name));
        }
        return here;
    }

    /** An entry of a map. */
    At key(String key) {
        return new At(errors, path + "[" + key + "]", node.path(key));
    }

    /** The elements of an array. */
    List<At> items() {
        List<At> found = new ArrayList<>();
        if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                found.add(new At(errors, path + "[" + i + "]", array.get(i)));
            }
        }
        return found;
    }

    /** The fields of an object. */
    List<Map.Entry<String, JsonNode>> entries() {
        return Tree.fields(node);
    }

    boolean absent() {
        return node.isMissingNode() || node.isNull();
    }

    boolean present() {
        return !absent();
    }

    String text() {
        return node.isTextual() ? node.textValue() : "";
    }

    long number() {
        return node.isNumber() ? node.longValue() : 0;
    }

    boolean flag() {
        return node.isBoolean() && node.booleanValue();
    }

    boolean empty() {
        return absent()
                || (node.isContainerNode()
                        ? node.isEmpty()
                        : node.isTextual() && node.textValue().isEmpty());
    }

    private void add(FieldError.Type type, JsonNode value, String detail) {
        errors.add(new FieldError(
                type, path, value.isMissingNode() ? JsonNodeFactory.instance.textNode("") : value, detail));
    }

    void required(String detail) {
        add(FieldError.Type.REQUIRED, node, detail);
    }

    void invalid(String detail) {
        add(FieldError.Type.INVALID, node, detail);
    }

    /** Invalid, showing a value other than the one that is here. */
    void invalid(JsonNode value, String detail) {
        add(FieldError.Type.INVALID, value, detail);
    }

    void invalid(String value, String detail) {
        add(FieldError.Type.INVALID, JsonNodeFactory.instance.textNode(value), detail);
    }

    void forbidden(String detail) {
        add(FieldError.Type.FORBIDDEN, node, detail);
    }

    void duplicate() {
        add(FieldError.Type.DUPLICATE, node, "");
    }

    /** Duplicate, showing a value other than the one that is here, and by what it is one. */
    void duplicate(JsonNode value, String detail) {
        add(FieldError.Type.DUPLICATE, value, detail);
    }

    void duplicate(String value) {
        add(FieldError.Type.DUPLICATE, JsonNodeFactory.instance.textNode(value), "");
    }

    /** Not found, and where it was looked for. */
    void notFound(String detail) {
        add(FieldError.Type.NOT_FOUND, node, detail);
    }

    void notFound() {
        add(FieldError.Type.NOT_FOUND, node, "");
    }

    void tooLong(int max) {
        add(FieldError.Type.TOO_LONG, node, "may not be more than " + max + " bytes");
    }

    void tooMany(int max) {
        add(
                FieldError.Type.TOO_MANY,
                JsonNodeFactory.instance.numberNode(node.size()),
                "must have at most " + max + " items");
    }

    void typeInvalid(String detail) {
        add(FieldError.Type.TYPE_INVALID, node, detail);
    }

    void unsupported(String... values) {
        unsupported(node, values);
    }

    /** Not supported, showing a value other than the one that is here. */
    void unsupported(JsonNode value, String... values) {
        List<String> quoted = new ArrayList<>();
        for (String one : values) {
            quoted.add("\"" + one + "\"");
        }
        add(FieldError.Type.NOT_SUPPORTED, value, "supported values: " + String.join(", ", quoted));
    }

    /** What is here, told of under another path: where the words for a place differ from its path. */
    At told(String other) {
        return new At(errors, other, node);
    }

    /** A text of an element, told of under the path of the list that holds it. */
    void oneOfUnder(At list, String... values) {
        if (!List.of(values).contains(text())) {
            list.unsupported(JsonNodeFactory.instance.textNode(text()), values);
        }
    }

    /** A text that may not be longer than so many bytes. */
    void atMost(int max) {
        if (text().getBytes(StandardCharsets.UTF_8).length > max) {
            tooLong(max);
        }
    }

    /** Says what each rule that the text breaks says. */
    void each(Function<String, List<String>> rule) {
        rule.apply(text()).forEach(this::invalid);
    }

    /** A text that must be there; whether it is. */
    boolean needed() {
        return needed("");
    }

    boolean needed(String detail) {
        if (empty()) {
            required(detail);
            return false;
        }
        return true;
    }

    /** One of some words, if there is one. */
    void oneOf(String... values) {
        if (!empty() && !List.of(values).contains(text())) {
            unsupported(values);
        }
    }

    /** One of some words, which must be there. */
    void neededOneOf(String... values) {
        if (needed()) {
            oneOf(values);
        }
    }

    void nonNegative() {
        if (number() < 0) {
            invalid(NEGATIVE);
        }
    }

    void between(long low, long high) {
        if (present() && (number() < low || number() > high)) {
            invalid("must be between " + low + " and " + high + ", inclusive");
        }
    }

    void port() {
        if (number() < 1 || number() > 65535) {
            invalid("must be between 1 and 65535, inclusive");
        }
    }

    /** The same as before, or an error. */
    void immutable(At old) {
        if (!same(old)) {
            invalid(IMMUTABLE);
        }
    }

    /** Whether both are equal; an absent value equals null and what is empty. */
    boolean same(At old) {
        return equal(node, old.node);
    }

    static boolean equal(JsonNode one, JsonNode other) {
        boolean noOne = none(one);
        boolean noOther = none(other);
        if (noOne || noOther) {
            return noOne && noOther;
        }
        if (one instanceof ObjectNode a && other instanceof ObjectNode b) {
            for (Map.Entry<String, JsonNode> field : a.properties()) {
                if (!equal(field.getValue(), b.path(field.getKey()))) {
                    return false;
                }
            }
            return b.properties().stream().allMatch(f -> a.has(f.getKey()) || none(f.getValue()));
        }
        if (one instanceof ArrayNode a && other instanceof ArrayNode b) {
            if (a.size() != b.size()) {
                return false;
            }
            for (int i = 0; i < a.size(); i++) {
                if (!equal(a.get(i), b.get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (one.isNumber() && other.isNumber()) {
            return one.decimalValue().compareTo(other.decimalValue()) == 0;
        }
        return one.equals(other);
    }

    private static boolean none(JsonNode node) {
        return node.isMissingNode() || node.isNull() || (node.isContainerNode() && node.isEmpty());
    }
}
