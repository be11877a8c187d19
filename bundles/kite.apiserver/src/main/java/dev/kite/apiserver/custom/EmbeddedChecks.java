package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.validation.FieldError;
import dev.kite.apiserver.validation.Validation;
import dev.kite.model.validation.Names;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Checks apiVersion, kind and metadata of the objects within an object. One instance an object. */
final class EmbeddedChecks {
    private final List<FieldError> errors;

    EmbeddedChecks(List<FieldError> errors) {
        this.errors = errors;
    }

    /** Checks a value and all below it. */
    void value(JsonNode schema, JsonNode value, String path) {
        if (value instanceof ObjectNode object) {
            if (Tree.flag(schema, "x-kubernetes-embedded-resource")) {
                resource(object, path);
            }
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                JsonNode property = schema.path("properties").path(field.getKey());
                JsonNode additional = schema.path("additionalProperties");
                if (property.isObject()) {
                    value(property, field.getValue(), path.isEmpty() ? field.getKey() : path + "." + field.getKey());
                } else if (additional.isObject()) {
                    value(additional, field.getValue(), path + "[" + field.getKey() + "]");
                }
            }
        } else if (value instanceof ArrayNode array && schema.path("items").isObject()) {
            for (int i = 0; i < array.size(); i++) {
                value(schema.path("items"), array.get(i), path + "[" + i + "]");
            }
        }
    }

    private void resource(ObjectNode object, String path) {
        for (String name : List.of("apiVersion", "kind")) {
            JsonNode there = object.get(name);
            if (there == null) {
                errors.add(new FieldError(FieldError.Type.REQUIRED, path + "." + name, null, ""));
            } else if (!there.isTextual()) {
                invalid(path + "." + name, there, "must be a string");
            } else if (there.textValue().isEmpty()) {
                invalid(path + "." + name, there, "must not be empty");
            }
        }
        String version = Tree.text(object, "apiVersion");
        if (version.chars().filter(c -> c == '/').count() > 1) {
            invalid(path + ".apiVersion", object.get("apiVersion"), "unexpected GroupVersion string: " + version);
        }
        String kind = Tree.text(object, "kind");
        List<String> wrong = kind.isEmpty() ? List.of() : Names.dns1035Label(kind.toLowerCase(Locale.ROOT));
        if (!wrong.isEmpty()) {
            invalid(
                    path + ".kind",
                    object.get("kind"),
                    "may have mixed case, but should otherwise match: " + String.join(",", wrong));
        }
        if (object.get("metadata") instanceof ObjectNode metadata) {
            metadata(metadata, path);
        }
    }

    private void metadata(ObjectNode given, String path) {
        ObjectNode probe = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = given.deepCopy();
        if (Tree.text(metadata, "name").isEmpty()) {
            metadata.put("name", "fakename");
        }
        probe.set("metadata", metadata);
        boolean namespaced = !Tree.text(metadata, "namespace").isEmpty();
        for (FieldError error : Validation.create("", "", namespaced, probe)) {
            errors.add(new FieldError(error.type(), path + "." + error.field(), error.value(), error.detail()));
        }
    }

    private void invalid(String path, JsonNode value, String detail) {
        errors.add(new FieldError(FieldError.Type.INVALID, path, value, detail));
    }
}
