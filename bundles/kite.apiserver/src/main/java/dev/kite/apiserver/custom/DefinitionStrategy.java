package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Lookups;
import dev.kite.apiserver.registry.Metadata;
import dev.kite.apiserver.registry.Strategy;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import java.time.InstantSource;
import java.util.List;

/**
 * CustomResourceDefinitions: their names are accepted, and they are established, by the write that creates them, so that who
 * is answered can use them. They stay until their objects are gone.
 */
public final class DefinitionStrategy implements Strategy {
    /** What holds a definition while it has objects. */
    static final String CLEANUP = "customresourcecleanup.apiextensions.k8s.io";

    private final Lookups lookups;
    private final InstantSource clock;

    /**
     * The strategy.
     *
     * @param lookups finds other definitions
     * @param clock the time
     */
    public DefinitionStrategy(Lookups lookups, InstantSource clock) {
        this.lookups = lookups;
        this.clock = clock;
    }

    @Override
    public boolean countsGenerations() {
        return true;
    }

    @Override
    public void prepareForCreate(Intent intent, ObjectNode object) {
        object.putObject("status").putArray("storedVersions");
        ObjectNode metadata = Trees.metadata(object);
        if (!Tree.texts(metadata, "finalizers").contains(CLEANUP)) {
            ArrayNode finalizers =
                    metadata.get("finalizers") instanceof ArrayNode there ? there : metadata.putArray("finalizers");
            finalizers.add(CLEANUP);
        }
        settle(object);
    }

    @Override
    public void prepareForUpdate(Intent intent, ObjectNode object, ObjectNode old) {
        if (object.get("status") instanceof ObjectNode status) {
            object.set("status", status.deepCopy());
        }
        settle(object);
    }

    /** Fills in what the user leaves out of names, accepts them where nobody else has them, and notes the version that is stored. */
    private void settle(ObjectNode definition) {
        ObjectNode status = definition.withObject("/status");
        ObjectNode names = definition.withObject("/spec/names");
        String kind = Tree.text(names, "kind");
        if (Tree.text(names, "singular").isEmpty()) {
            names.put("singular", kind.toLowerCase(java.util.Locale.ROOT));
        }
        if (Tree.text(names, "listKind").isEmpty()) {
            names.put("listKind", kind + "List");
        }
        String version = Definitions.storageVersion(definition);
        if (!version.isEmpty() && !Tree.texts(status, "storedVersions").contains(version)) {
            ArrayNode stored =
                    status.get("storedVersions") instanceof ArrayNode there ? there : status.putArray("storedVersions");
            stored.add(version);
        }
        String conflict = conflict(definition, names);
        if (conflict.isEmpty()) {
            status.set("acceptedNames", names.deepCopy());
            condition(status, "NamesAccepted", "True", "NoConflicts", "no conflicts found");
            condition(status, "Established", "True", "InitialNamesAccepted", "the initial names have been accepted");
        } else {
            condition(status, "NamesAccepted", "False", "Conflict", conflict);
            if (!Tree.has(status, "acceptedNames")) {
                status.putObject("acceptedNames").put("plural", "").put("kind", "");
                condition(status, "Established", "False", "NotAccepted", "not all names are accepted");
            }
        }
    }

    private String conflict(ObjectNode definition, ObjectNode names) {
        String own = Tree.text(definition, "metadata", "name");
        String group = Tree.text(definition, "spec", "group");
        for (ObjectNode other : lookups.list("apiextensions.k8s.io", "customresourcedefinitions", "")) {
            if (!Tree.text(other, "spec", "group").equals(group)
                    || Tree.text(other, "metadata", "name").equals(own)) {
                continue;
            }
            for (String field : List.of("plural", "singular", "kind", "listKind")) {
                String wanted = Tree.text(names, field);
                if (!wanted.isEmpty() && wanted.equals(Tree.text(other, "status", "acceptedNames", field))) {
                    return "\"" + wanted + "\" is already in use";
                }
            }
        }
        return "";
    }

    private void condition(ObjectNode status, String type, String value, String reason, String message) {
        ArrayNode conditions =
                status.get("conditions") instanceof ArrayNode there ? there : status.putArray("conditions");
        ObjectNode condition = Tree.objects(status, "conditions").stream()
                .filter(one -> Tree.text(one, "type").equals(type))
                .findFirst()
                .orElse(null);
        if (condition == null) {
            condition = conditions.addObject().put("type", type);
        } else if (Tree.text(condition, "status").equals(value)) {
            return;
        }
        condition.put("status", value).put("lastTransitionTime", Metadata.seconds(clock.instant()));
        condition.put("reason", reason).put("message", message);
    }
}
