package dev.kite.apiserver.subresource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.registry.Answers;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.Checks;
import dev.kite.apiserver.registry.Metadata;
import dev.kite.apiserver.registry.Modification;
import dev.kite.apiserver.registry.Modification.Handling;
import dev.kite.apiserver.registry.Modification.Target;
import dev.kite.apiserver.registry.ResourceCatalog;
import dev.kite.apiserver.registry.Verb;
import dev.kite.apiserver.request.Call;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.request.Outcomes;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.validation.FieldError;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** Binds a pod to a node: what a scheduler does. */
public final class BindingVerb implements Verb {
    private final ResourceCatalog catalog;
    private final Modification modification;
    private final Bodies bodies;
    private final Admits admits;
    private final Answers answers;
    private final InstantSource clock;

    /**
     * The verb.
     *
     * @param catalog finds pods' resource
     * @param modification changes pods
     * @param bodies reads bodies
     * @param admits shows admission what is asked for
     * @param answers writes answers
     * @param clock the time
     */
    public BindingVerb(
            ResourceCatalog catalog,
            Modification modification,
            Bodies bodies,
            Admits admits,
            Answers answers,
            InstantSource clock) {
        this.catalog = catalog;
        this.modification = modification;
        this.bodies = bodies;
        this.admits = admits;
        this.answers = answers;
        this.clock = clock;
    }

    @Override
    public void serve(Call call, ApiResource resource) throws IOException {
        ObjectNode binding = bodies.read(call, "", "v1", "Binding");
        String name = call.info().name().isEmpty()
                ? Tree.text(binding, "metadata", "name")
                : call.info().name();
        admits.created(call, resource, name, binding);
        check(name, binding);
        ApiResource pods = catalog.find("", "v1", "pods");
        if (pods == null) {
            throw Errors.noSuchResource();
        }
        Target target = new Target(pods, "binding", call.info().namespace(), name);
        modification.change(
                Intent.of(call), target, Modification.handled(Handling.VERB, current -> bind(name, current, binding)));
        answers.tree(call, 201, Outcomes.success(201));
    }

    private static void check(String name, ObjectNode binding) {
        String kind = Tree.text(binding, "target", "kind");
        if (!kind.isEmpty() && !kind.equals("Node")) {
            throw invalid(
                    name,
                    FieldError.Type.NOT_SUPPORTED,
                    "target.kind",
                    binding,
                    "supported values: \"Node\", \"<empty>\"");
        }
        if (Tree.text(binding, "target", "name").isEmpty()) {
            throw invalid(name, FieldError.Type.REQUIRED, "target.name", binding, "");
        }
    }

    private static RuntimeException invalid(
            String name, FieldError.Type type, String field, ObjectNode binding, String detail) {
        JsonNode value = Tree.at(binding, field.split("\\."));
        return Checks.invalid("", "Binding", name, List.of(new FieldError(type, field, value, detail)));
    }

    private ObjectNode bind(String name, ObjectNode current, ObjectNode binding) {
        String uid = Tree.text(binding, "metadata", "uid");
        String is = Tree.text(current, "metadata", "uid");
        if (!uid.isEmpty() && !uid.equals(is)) {
            throw conflict(name, "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + is);
        }
        if (Tree.has(current, "metadata", "deletionTimestamp")) {
            throw conflict(name, "pod " + name + " is being deleted, cannot be assigned to a host");
        }
        String node = Tree.text(current, "spec", "nodeName");
        if (!node.isEmpty()) {
            throw conflict(name, "pod " + name + " is already assigned to node \"" + node + "\"");
        }
        if (!Tree.at(current, "spec", "schedulingGates").isEmpty()) {
            throw conflict(name, "pod " + name + " has non-empty .spec.schedulingGates");
        }
        ObjectNode pod = current.deepCopy();
        pod.withObject("/spec").put("nodeName", Tree.text(binding, "target", "name"));
        for (String field : List.of("annotations", "labels")) {
            for (Map.Entry<String, JsonNode> entry : Tree.fields(binding, "metadata", field)) {
                Trees.metadata(pod).withObject("/" + field).set(entry.getKey(), entry.getValue());
            }
        }
        scheduled(pod.withObject("/status"));
        String version = Tree.text(binding, "metadata", "resourceVersion");
        if (version.isEmpty()) {
            Trees.metadata(pod).remove("resourceVersion");
        } else {
            Trees.metadata(pod).put("resourceVersion", version);
        }
        return pod;
    }

    private void scheduled(ObjectNode status) {
        ArrayNode conditions =
                status.get("conditions") instanceof ArrayNode there ? there : status.putArray("conditions");
        ObjectNode condition = Tree.objects(status, "conditions").stream()
                .filter(one -> Tree.text(one, "type").equals("PodScheduled"))
                .findFirst()
                .orElseGet(() -> conditions.addObject().put("type", "PodScheduled"));
        condition.remove(List.of("reason", "message"));
        condition.put("status", "True").put("lastTransitionTime", Metadata.seconds(clock.instant()));
        condition.putNull("lastProbeTime");
    }

    private static RuntimeException conflict(String name, String why) {
        return Errors.conflict("", "pods/binding", name, why);
    }
}
