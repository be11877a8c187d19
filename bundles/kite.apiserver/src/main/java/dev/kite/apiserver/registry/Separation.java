package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which part of an object a write may change: a subresource changes its own part only, and the object itself all but the status. Stateless. */
final class Separation {
    private Separation() {}

    /** Takes from a written object what its path may not change, in place. */
    static void apply(ApiResource resource, String subresource, ObjectNode object, ObjectNode current) {
        switch (subresource) {
            case "" -> {
                if (resource.has("status")) {
                    set(object, "status", current.get("status"));
                }
            }
            case "status" -> status(resource, object, current);
            case "finalize" -> {
                JsonNode wanted = Tree.at(object, "spec", "finalizers");
                keepAllBut(object, current);
                if (wanted.isArray()) {
                    object.withObject("/spec").set("finalizers", wanted);
                } else {
                    object.withObject("/spec").remove("finalizers");
                }
            }
            case "approval" -> {
                JsonNode wanted = Tree.at(object, "status", "conditions");
                ObjectNode metadata = Trees.metadata(object);
                keepAllBut(object, current);
                object.set("metadata", metadata);
                if (wanted.isArray()) {
                    object.withObject("/status").set("conditions", wanted);
                }
            }
            case "ephemeralcontainers" -> {
                JsonNode wanted = Tree.at(object, "spec", "ephemeralContainers");
                keepAllBut(object, current);
                if (wanted.isArray()) {
                    object.withObject("/spec").set("ephemeralContainers", wanted);
                }
            }
            case "resize" -> resize(object, current);
            default -> {
                // scale, binding, eviction: what is written was made here, of the object as it is
            }
        }
    }

    private static void status(ApiResource resource, ObjectNode object, ObjectNode current) {
        JsonNode status = object.get("status");
        ObjectNode metadata = Trees.metadata(object);
        keepAllBut(object, current);
        if (resource.custom() == null) {
            object.set("metadata", metadata);
        } else {
            Metadata.copy("managedFields", metadata, Trees.metadata(object));
        }
        set(object, "status", status);
    }

    private static void resize(ObjectNode object, ObjectNode current) {
        List<ObjectNode> wanted = Tree.objects(object, "spec", "containers");
        List<ObjectNode> wantedFirst = Tree.objects(object, "spec", "initContainers");
        keepAllBut(object, current);
        resize(Tree.objects(object, "spec", "containers"), wanted);
        resize(Tree.objects(object, "spec", "initContainers"), wantedFirst);
    }

    private static void resize(List<ObjectNode> containers, List<ObjectNode> wanted) {
        for (ObjectNode container : containers) {
            for (ObjectNode other : wanted) {
                if (Tree.text(other, "name").equals(Tree.text(container, "name"))) {
                    Metadata.copy("resources", other, container);
                    Metadata.copy("resizePolicy", other, container);
                }
            }
        }
    }

    private static void keepAllBut(ObjectNode object, ObjectNode current) {
        ObjectNode all = current.deepCopy();
        object.removeAll();
        object.setAll(all);
    }

    private static void set(ObjectNode object, String field, @Nullable JsonNode value) {
        if (value == null) {
            object.remove(field);
        } else {
            object.set(field, value);
        }
    }
}
