package dev.kite.apiserver.subresource;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.registry.Answers;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.Deletion;
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
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.request.StatusException.Cause;
import dev.kite.apiserver.request.WriteOptions;
import dev.kite.apiserver.storage.Objects;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Evicts a pod: deletes it if the disruption budget that covers it allows that. */
public final class EvictionVerb implements Verb {
    private static final int RETRY_SECONDS = 10;
    private static final int MOST_DISRUPTED = 2000;

    private final Objects objects;
    private final ResourceCatalog catalog;
    private final Modification modification;
    private final Deletion deletion;
    private final Bodies bodies;
    private final Admits admits;
    private final Answers answers;
    private final InstantSource clock;

    /**
     * The verb.
     *
     * @param objects the objects
     * @param catalog finds the budgets' resource
     * @param modification changes budgets
     * @param deletion deletes pods
     * @param bodies reads bodies
     * @param admits shows admission what is asked for
     * @param answers writes answers
     * @param clock the time
     */
    public EvictionVerb(
            Objects objects,
            ResourceCatalog catalog,
            Modification modification,
            Deletion deletion,
            Bodies bodies,
            Admits admits,
            Answers answers,
            InstantSource clock) {
        this.objects = objects;
        this.catalog = catalog;
        this.modification = modification;
        this.deletion = deletion;
        this.bodies = bodies;
        this.admits = admits;
        this.answers = answers;
        this.clock = clock;
    }

    @Override
    public void serve(Call call, ApiResource resource) throws IOException {
        ObjectNode eviction = bodies.read(call, "policy", "v1", "Eviction");
        String name = call.info().name();
        String namespace = call.info().namespace();
        String given = Tree.text(eviction, "metadata", "name");
        if (!given.isEmpty() && !given.equals(name)) {
            throw Errors.badRequest("name in URL does not match name in Eviction object");
        }
        admits.created(call, resource, name, eviction);
        ObjectNode pod = objects.find("", "pods", namespace, name);
        if (pod == null) {
            throw resource.notFound(name);
        }
        boolean dry = WriteOptions.dryRun("DELETE", Tree.texts(eviction, "deleteOptions", "dryRun"));
        Intent intent = Intent.of(call);
        intent = intent.dryRun(dry || intent.dryRun());
        ObjectNode budget = counts(pod) ? budget(namespace, pod) : null;
        boolean unready = budget != null && !disrupt(intent, namespace, name, pod, budget);
        // A pod that goes because it isn't ready must not have become so meanwhile.
        String version = unready ? Tree.text(pod, "metadata", "resourceVersion") : "";
        try {
            modification.change(
                    intent,
                    new Target(resource, "status", namespace, name),
                    Modification.handled(Handling.ADMITTED, current -> disrupted(current, version)));
        } catch (StatusException e) {
            throw unready && e.code() == 409 ? changed(budget) : e;
        }
        deletion.deleteAdmitted(intent, new Target(resource, "", namespace, name), options(eviction));
        answers.tree(call, 201, Outcomes.success(201));
    }

    /** Says on the pod why it ends (KEP 3329), so that a Job's failure policy can tell. */
    private ObjectNode disrupted(ObjectNode current, String version) {
        ObjectNode pod = current.deepCopy();
        if (version.isEmpty()) {
            Trees.metadata(pod).remove("resourceVersion");
        } else {
            Trees.metadata(pod).put("resourceVersion", version);
        }
        ObjectNode status = pod.withObject("/status");
        ArrayNode conditions =
                status.get("conditions") instanceof ArrayNode there ? there : status.putArray("conditions");
        ObjectNode condition = Tree.objects(status, "conditions").stream()
                .filter(one -> Tree.text(one, "type").equals("DisruptionTarget"))
                .findFirst()
                .orElseGet(() -> conditions.addObject().put("type", "DisruptionTarget"));
        condition
                .put("status", "True")
                .put("reason", "EvictionByEvictionAPI")
                .put("message", "Eviction API: evicting")
                .put("lastTransitionTime", Metadata.seconds(clock.instant()));
        return pod;
    }

    private static Deletion.Options options(ObjectNode eviction) {
        ObjectNode options = Tree.object(eviction, "deleteOptions");
        if (options == null) {
            return Deletion.Options.NONE;
        }
        Long grace = Tree.has(options, "gracePeriodSeconds") ? (Long) Tree.number(options, "gracePeriodSeconds") : null;
        return new Deletion.Options(
                grace,
                Tree.text(options, "propagationPolicy"),
                Tree.text(options, "preconditions", "uid"),
                Tree.text(options, "preconditions", "resourceVersion"));
    }

    /** Pods that have ended, wait for a node or are being deleted already aren't protected by a budget. */
    private static boolean counts(ObjectNode pod) {
        return switch (Tree.text(pod, "status", "phase")) {
            case "Succeeded", "Failed", "Pending" -> false;
            default -> !Tree.has(pod, "metadata", "deletionTimestamp");
        };
    }

    private @Nullable ObjectNode budget(String namespace, ObjectNode pod) {
        List<ObjectNode> covering = objects.list("policy", "poddisruptionbudgets", namespace).stream()
                .filter(budget -> Selectors.matches(Tree.at(budget, "spec", "selector"), pod))
                .toList();
        if (covering.size() > 1) {
            throw Errors.internal(
                    "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
        }
        if (covering.isEmpty()) {
            return null;
        }
        return covering.getFirst();
    }

    /** Takes one disruption of the budget; false where the pod goes without, since it isn't ready anyway. */
    private boolean disrupt(Intent intent, String namespace, String name, ObjectNode pod, ObjectNode budget) {
        boolean ready = Tree.objects(pod, "status", "conditions").stream()
                .anyMatch(condition -> Tree.text(condition, "type").equals("Ready")
                        && Tree.text(condition, "status").equals("True"));
        boolean always = Tree.text(budget, "spec", "unhealthyPodEvictionPolicy").equals("AlwaysAllow");
        // What a status says of a budget as it was before its last change allows nothing.
        boolean enough = !stale(budget)
                && Tree.number(budget, "status", "currentHealthy") >= Tree.number(budget, "status", "desiredHealthy")
                && Tree.number(budget, "status", "desiredHealthy") > 0;
        if (!ready && (always || enough)) {
            return false;
        }
        ApiResource budgets = catalog.find("policy", "v1", "poddisruptionbudgets");
        if (budgets == null) {
            throw Errors.noSuchResource();
        }
        String budgetName = Tree.text(budget, "metadata", "name");
        modification.change(
                intent, new Target(budgets, "status", namespace, budgetName), current -> spend(name, current));
        return true;
    }

    private static boolean stale(ObjectNode budget) {
        return Tree.number(budget, "status", "observedGeneration") < Tree.number(budget, "metadata", "generation");
    }

    private static StatusException changed(@Nullable ObjectNode budget) {
        return Errors.tooManyRequests(
                "Cannot evict pod as it would violate the pod's disruption budget.",
                RETRY_SECONDS,
                List.of(new Cause(
                        "DisruptionBudget",
                        "The disruption budget " + Tree.text(budget, "metadata", "name")
                                + " is still being processed by the server.",
                        "")));
    }

    private ObjectNode spend(String pod, ObjectNode current) {
        String budgetName = Tree.text(current, "metadata", "name");
        long allowed = Tree.number(current, "status", "disruptionsAllowed");
        if (stale(current)) {
            throw changed(current);
        }
        if (allowed <= 0) {
            throw Errors.tooManyRequests(
                    "Cannot evict pod as it would violate the pod's disruption budget.",
                    0,
                    List.of(new Cause(
                            "DisruptionBudget",
                            "The disruption budget " + budgetName + " needs "
                                    + Tree.number(current, "status", "desiredHealthy") + " healthy pods and has "
                                    + Tree.number(current, "status", "currentHealthy") + " currently",
                            "")));
        }
        if (Tree.at(current, "status", "disruptedPods").size() > MOST_DISRUPTED) {
            throw Errors.forbidden(
                    "policy",
                    "poddisruptionbudgets",
                    budgetName,
                    "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
        }
        ObjectNode changed = current.deepCopy();
        Trees.metadata(changed).remove("resourceVersion");
        ObjectNode status = changed.withObject("/status");
        status.put("disruptionsAllowed", allowed - 1);
        status.withObject("/disruptedPods").put(pod, Metadata.seconds(clock.instant()));
        return changed;
    }
}
