package dev.kite.apiserver.validation;

import static dev.kite.apiserver.tree.Reference.object;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.defaults.Creation;
import dev.kite.apiserver.defaults.Defaults;
import dev.kite.apiserver.tree.Reference;
import java.util.List;

/** Validates what tests write, with its defaults, and tells the words. */
final class Validating {
    static final String CONTAINER = "{'name':'c','image':'i:1'}";

    private Validating() {}

    static ObjectNode made(String json) {
        ObjectNode object = object(json);
        ObjectNode metadata =
                object.path("metadata") instanceof ObjectNode found ? found : object.putObject("metadata");
        if (!metadata.has("name")) {
            metadata.put("name", "x");
        }
        metadata.put("uid", "u");
        Defaults.apply(
                Reference.group(object),
                Reference.version(object),
                object.path("kind").asText(),
                object);
        Creation.prepare(Reference.group(object), object.path("kind").asText(), object);
        return object;
    }

    private static boolean namespaced(ObjectNode object) {
        return !List.of(
                        "Namespace",
                        "Node",
                        "PersistentVolume",
                        "StorageClass",
                        "ClusterRole",
                        "ClusterRoleBinding",
                        "PriorityClass",
                        "RuntimeClass",
                        "CustomResourceDefinition",
                        "APIService",
                        "ValidatingWebhookConfiguration",
                        "IngressClass")
                .contains(object.path("kind").asText());
    }

    static List<String> create(String json) {
        ObjectNode object = made(json);
        boolean namespaced = namespaced(object);
        if (namespaced) {
            ((ObjectNode) object.path("metadata")).put("namespace", "default");
        }
        return words(
                Validation.create(Reference.group(object), object.path("kind").asText(), namespaced, object));
    }

    static List<String> update(String before, String after) {
        ObjectNode old = made(before);
        ObjectNode now = made(after);
        ((ObjectNode) now.path("metadata")).put("resourceVersion", "1");
        return words(Validation.update(Reference.group(now), now.path("kind").asText(), namespaced(now), now, old));
    }

    static List<String> words(List<FieldError> errors) {
        return errors.stream().map(FieldError::message).toList();
    }

    static String pod(String spec) {
        return "{'apiVersion':'v1','kind':'Pod','spec':{" + spec + "}}";
    }
}
