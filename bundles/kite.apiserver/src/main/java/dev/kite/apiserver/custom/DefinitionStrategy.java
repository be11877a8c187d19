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
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
        warn(intent, object, null);
    }

    @Override
    public void prepareForUpdate(Intent intent, ObjectNode object, ObjectNode old) {
        if (object.get("status") instanceof ObjectNode status) {
            object.set("status", status.deepCopy());
        }
        settle(object);
        warn(intent, object, old);
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
        names(definition, names, status);
        Approval approval = Approval.of(definition);
        if (Approval.isProtected(Tree.text(definition, "spec", "group"))) {
            condition(
                    status,
                    "KubernetesAPIApprovalPolicyConformant",
                    approval.state().status(),
                    approval.state().condition(),
                    approval.reason());
        }
    }

    /** Accepts each name that is nobody else's, and says of the last that is. */
    private void names(ObjectNode definition, ObjectNode names, ObjectNode status) {
        ObjectNode accepted = Tree.has(status, "acceptedNames")
                ? status.withObject("/acceptedNames")
                : status.putObject("acceptedNames").put("plural", "").put("kind", "");
        Set<String> resources = new HashSet<>();
        Set<String> kinds = new HashSet<>();
        taken(definition, resources, kinds);
        String reason = "";
        String message = "";
        for (String field : List.of("plural", "singular", "shortNames", "kind", "listKind")) {
            Set<String> used = field.equals("kind") || field.equals("listKind") ? kinds : resources;
            List<String> wanted =
                    field.equals("shortNames") ? Tree.texts(names, field) : List.of(Tree.text(names, field));
            List<String> had =
                    field.equals("shortNames") ? Tree.texts(accepted, field) : List.of(Tree.text(accepted, field));
            List<String> lost = wanted.stream()
                    .filter(name -> used.contains(name) && !had.contains(name))
                    .toList();
            if (!lost.isEmpty()) {
                reason = Character.toUpperCase(field.charAt(0)) + field.substring(1) + "Conflict";
                List<String> each = lost.stream()
                        .map(name -> "\"" + name + "\" is already in use")
                        .toList();
                message = each.size() == 1 ? each.getFirst() : "[" + String.join(", ", each) + "]";
            } else if (names.has(field)) {
                accepted.set(field, names.get(field).deepCopy());
            } else {
                accepted.remove(field);
            }
        }
        if (names.has("categories")) {
            accepted.set("categories", names.get("categories").deepCopy());
        } else {
            accepted.remove("categories");
        }
        if (reason.isEmpty()) {
            condition(status, "NamesAccepted", "True", "NoConflicts", "no conflicts found");
            condition(status, "Established", "True", "InitialNamesAccepted", "the initial names have been accepted");
        } else {
            condition(status, "NamesAccepted", "False", reason, message);
            boolean established = Tree.objects(status, "conditions").stream()
                    .anyMatch(one -> Tree.text(one, "type").equals("Established")
                            && Tree.text(one, "status").equals("True"));
            if (!established) {
                condition(status, "Established", "False", "NotAccepted", "not all names are accepted");
            }
        }
    }

    private void taken(ObjectNode definition, Set<String> resources, Set<String> kinds) {
        String own = Tree.text(definition, "metadata", "name");
        String group = Tree.text(definition, "spec", "group");
        for (ObjectNode other : lookups.list("apiextensions.k8s.io", "customresourcedefinitions", "")) {
            if (Tree.text(other, "spec", "group").equals(group)
                    && !Tree.text(other, "metadata", "name").equals(own)) {
                resources.add(Tree.text(other, "status", "acceptedNames", "plural"));
                resources.add(Tree.text(other, "status", "acceptedNames", "singular"));
                resources.addAll(Tree.texts(other, "status", "acceptedNames", "shortNames"));
                kinds.add(Tree.text(other, "status", "acceptedNames", "kind"));
                kinds.add(Tree.text(other, "status", "acceptedNames", "listKind"));
            }
        }
        resources.remove("");
        kinds.remove("");
    }

    @Override
    public void markDeleting(ObjectNode definition) {
        condition(
                definition.withObject("/status"),
                "Terminating",
                "True",
                "InstanceDeletionPending",
                "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon");
    }

    /** Formats that a schema asks for, nobody checks, and the old schema didn't ask for are told. */
    private static void warn(Intent intent, ObjectNode definition, @Nullable ObjectNode old) {
        Set<String> formats = unknownFormats(definition);
        formats.removeAll(unknownFormats(old));
        formats.forEach(format -> intent.warnings().accept("unrecognized format \"" + format + "\""));
    }

    private static Set<String> unknownFormats(@Nullable ObjectNode definition) {
        Set<String> formats = new LinkedHashSet<>();
        for (ObjectNode version : Tree.objects(definition, "spec", "versions")) {
            SchemaWalk.each(Tree.at(version, "schema", "openAPIV3Schema"), schema -> {
                String format = Tree.text(schema, "format");
                if (!format.isEmpty() && !Formats.isKnown(Tree.text(schema, "type"), format)) {
                    formats.add(format);
                }
            });
        }
        return formats;
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
        }
        if (!Tree.text(condition, "status").equals(value)) {
            condition.put("status", value).put("lastTransitionTime", Metadata.seconds(clock.instant()));
        } else if (type.equals("Established")) {
            return;
        }
        condition.put("reason", reason).put("message", message);
    }
}
