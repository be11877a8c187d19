package dev.kite.apiserver.conversion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.validation.FieldError;
import dev.kite.apiserver.webhook.WebhookCaller.FailedException;
import dev.kite.model.validation.Names;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Checks what a webhook made of an object: all may differ but its identity, and of its metadata labels and annotations alone. Stateless. */
final class Converted {
    private static final int ANNOTATIONS_MAX = 256 * 1024;

    private Converted() {}

    /** Reads an object of an answer. */
    static ObjectNode read(JsonNode given) throws FailedException {
        if (given.isNull()) {
            throw new FailedException("unexpected end of JSON input");
        }
        if (!(given instanceof ObjectNode converted)) {
            throw new FailedException(
                    "json: cannot unmarshal " + word(given) + " into Go value of type map[string]interface {}");
        }
        if (Tree.text(converted, "kind").isEmpty()) {
            throw new FailedException("Object 'Kind' is missing in '" + converted + "'");
        }
        return converted;
    }

    private static String word(JsonNode value) {
        return value.isBoolean() ? "bool" : value.getNodeType().name().toLowerCase(Locale.ROOT);
    }

    /** Says whether an object is of the version and kind that it shall be. */
    static void kind(ObjectNode original, ObjectNode converted, String apiVersion) throws FailedException {
        String version = Tree.text(converted, "apiVersion");
        if (!version.equals(apiVersion)) {
            throw new FailedException("invalid groupVersion (expected " + apiVersion + ", received " + version + ")");
        }
        String kind = Tree.text(original, "kind");
        if (!Tree.text(converted, "kind").equals(kind)) {
            throw new FailedException(
                    "invalid kind (expected " + kind + ", received " + Tree.text(converted, "kind") + ")");
        }
    }

    /** Says whether an object is still the same one. */
    static void identity(ObjectNode original, ObjectNode converted) throws FailedException {
        same("name", original, converted, "name");
        same("namespace", original, converted, "namespace");
        same("UID", original, converted, "uid");
    }

    private static void same(String words, ObjectNode original, ObjectNode converted, String field)
            throws FailedException {
        String was = Tree.text(original, "metadata", field);
        String is = Tree.text(converted, "metadata", field);
        if (!was.equals(is)) {
            throw new FailedException("must have the same " + words + ": " + was + " != " + is);
        }
    }

    /** Gives a converted object its original's metadata, but for labels and annotations, which are its own. */
    static void restore(ObjectNode original, ObjectNode converted) throws FailedException {
        JsonNode given = converted.get("metadata");
        if (given == null) {
            throw new FailedException("missing metadata in converted object");
        }
        if (!given.isObject()) {
            throw new FailedException("invalid metadata of type " + type(given) + " in converted object");
        }
        JsonNode had = original.get("metadata");
        ObjectNode metadata = had instanceof ObjectNode object ? object.deepCopy() : converted.objectNode();
        for (String field : List.of("labels", "annotations")) {
            JsonNode now = given.get(field);
            if (now == null || now.isNull()) {
                metadata.remove(field);
                continue;
            }
            if (!(now instanceof ObjectNode map)) {
                throw new FailedException(
                        "invalid metadata." + field + " of type " + type(now) + " in converted object");
            }
            strings(field, map);
            if (!map.equals(metadata.get(field))) {
                valid(field, map);
            }
            metadata.set(field, map);
        }
        converted.set("metadata", metadata);
    }

    private static void strings(String field, ObjectNode map) throws FailedException {
        for (Map.Entry<String, JsonNode> one : map.properties()) {
            if (!one.getValue().isTextual()) {
                throw new FailedException("metadata." + field + "[" + one.getKey() + "] must be a string, but is "
                        + type(one.getValue()) + " in converted object");
            }
        }
    }

    private static void valid(String field, ObjectNode map) throws FailedException {
        List<FieldError> errors = new ArrayList<>();
        Map<String, String> sorted = new TreeMap<>();
        map.properties().forEach(one -> sorted.put(one.getKey(), one.getValue().asText()));
        if (field.equals("labels")) {
            sorted.forEach((key, value) -> {
                Names.qualifiedName(key).forEach(why -> errors.add(invalid("metadata.labels", key, why)));
                Names.labelValue(value).forEach(why -> errors.add(invalid("metadata.labels", value, why)));
            });
        } else {
            long size = 0;
            for (Map.Entry<String, String> one : sorted.entrySet()) {
                Names.annotationKey(one.getKey())
                        .forEach(why -> errors.add(invalid("metadata.annotation", one.getKey(), why)));
                size += one.getKey().getBytes(StandardCharsets.UTF_8).length;
                size += one.getValue().getBytes(StandardCharsets.UTF_8).length;
            }
            if (size > ANNOTATIONS_MAX) {
                errors.add(new FieldError(
                        FieldError.Type.TOO_LONG,
                        "metadata.annotation",
                        null,
                        "may not be more than " + ANNOTATIONS_MAX + " bytes"));
            }
        }
        if (errors.isEmpty()) {
            return;
        }
        List<String> all = errors.stream().map(FieldError::message).toList();
        throw new FailedException(all.size() == 1 ? all.getFirst() : "[" + String.join(", ", all) + "]");
    }

    private static FieldError invalid(String field, String value, String why) {
        return new FieldError(FieldError.Type.INVALID, field, JsonNodeFactory.instance.textNode(value), why);
    }

    /** The type of a value as upstream's messages name it. */
    private static String type(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "string";
            case BOOLEAN -> "bool";
            case ARRAY -> "[]interface {}";
            case OBJECT -> "map[string]interface {}";
            case NUMBER -> value.isIntegralNumber() ? "int64" : "float64";
            case BINARY, MISSING, NULL, POJO -> "<nil>";
        };
    }
}
