package dev.kite.controllers.deployment;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.DeleteRequest;
import dev.kite.api.client.ResourceClient;
import dev.kite.controllers.base.Owners;
import dev.kite.controllers.base.Scope;
import dev.kite.model.apps.v1.Deployment;
import dev.kite.model.apps.v1.DeploymentStatus;
import dev.kite.model.apps.v1.ReplicaSet;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.PodTemplateSpec;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One pass over one Deployment: writes what {@link Sizes}, {@link Revisions} and {@link Statuses} decide. One thread. */
final class Rollout {
    private final Scope scope;
    private final ResourceClient<Deployment> deployments;
    private final ResourceClient<ReplicaSet> sets;
    private Deployment deployment;
    private final List<ReplicaSet> all;
    private final Collection<Pod> pods;

    Rollout(Scope scope, Deployment deployment, List<ReplicaSet> all, Collection<Pod> pods) {
        this.scope = scope;
        this.deployments = scope.resource(Deployment.RESOURCE);
        this.sets = scope.resource(ReplicaSet.RESOURCE);
        this.deployment = deployment;
        this.all = all;
        this.pods = pods;
    }

    /**
     * Runs.
     *
     * @return the status as it is now
     */
    DeploymentStatus run() {
        if (deployment.metadata().hasDeletionTimestamp()) {
            ReplicaSet current = Revisions.current(deployment, all);
            return store(Statuses.count(deployment, current, old(current), scope.now()));
        }
        notePause();
        if (deployment.spec().paused() || (Strategy.of(deployment).rolling() && resized())) {
            return scaleOnly();
        }
        return Strategy.of(deployment).rolling() ? roll() : recreate();
    }

    private List<ReplicaSet> old(@Nullable ReplicaSet current) {
        return all.stream()
                .filter(set -> current == null
                        || !set.metadata().uid().equals(current.metadata().uid()))
                .toList();
    }

    private void notePause() {
        if (!Statuses.hasDeadline(deployment)) {
            return;
        }
        var known = Conditions.find(deployment.status().conditions(), Conditions.PROGRESSING);
        boolean noted = known != null && known.reason().equals("DeploymentPaused");
        if (known != null && known.reason().equals("ProgressDeadlineExceeded")) {
            return;
        }
        boolean paused = deployment.spec().paused();
        if (paused == noted) {
            return;
        }
        var condition = Conditions.make(
                Conditions.PROGRESSING,
                "Unknown",
                paused ? "DeploymentPaused" : "DeploymentResumed",
                paused ? "Deployment is paused" : "Deployment is resumed",
                scope.now());
        deployment = deployments.updateStatus(deployment.toBuilder()
                .status(status ->
                        status.conditions(Conditions.with(deployment.status().conditions(), condition)))
                .build());
    }

    /** Whether the Deployment's size changed since its ReplicaSets were last sized. */
    private boolean resized() {
        for (ReplicaSet set : Sizes.active(all)) {
            String annotated = set.metadata().annotations().get(Revisions.DESIRED);
            if (annotated != null
                    && Revisions.number(annotated) != deployment.spec().replicas()) {
                return true;
            }
        }
        return false;
    }

    private DeploymentStatus scaleOnly() {
        ReplicaSet current = newSet(false);
        List<ReplicaSet> old = old(current);
        Map<String, Integer> sizes = Sizes.scale(deployment, current, old);
        for (ReplicaSet set : Sizes.all(current, old)) {
            Integer size = sizes.get(set.metadata().name());
            if (size != null) {
                resize(set, size);
            }
        }
        if (deployment.spec().paused()) {
            cleanUp(old);
        }
        return store(Statuses.count(deployment, current, old, scope.now()));
    }

    private DeploymentStatus roll() {
        ReplicaSet current = newSet(true);
        List<ReplicaSet> old = old(current);
        if (current == null) {
            return storeRollout(null, old);
        }
        if (resize(current, Sizes.rollNew(deployment, current, old))) {
            return storeRollout(current, old);
        }
        Map<String, Integer> sizes = Sizes.rollOld(deployment, current, old);
        boolean changed = false;
        for (ReplicaSet set : old) {
            Integer size = sizes.get(set.metadata().name());
            changed |= size != null && resize(set, size);
        }
        if (!changed && Statuses.complete(deployment, deployment.status())) {
            cleanUp(old);
        }
        return storeRollout(current, old);
    }

    private DeploymentStatus recreate() {
        ReplicaSet current = newSet(false);
        List<ReplicaSet> old = old(current);
        boolean changed = false;
        for (ReplicaSet set : Sizes.active(old)) {
            changed |= resize(set, 0);
        }
        if (changed || oldPodsRun(current, old)) {
            return storeRollout(current, old);
        }
        current = newSet(true);
        if (current != null) {
            resize(current, deployment.spec().replicas());
        }
        if (Statuses.complete(deployment, deployment.status())) {
            cleanUp(old);
        }
        return storeRollout(current, old);
    }

    private boolean oldPodsRun(@Nullable ReplicaSet current, List<ReplicaSet> old) {
        if (Sizes.actual(old) > 0) {
            return true;
        }
        for (Pod pod : pods) {
            String phase = pod.status().phase();
            boolean mine = current != null && Owners.controls(current, pod);
            if (!mine && !phase.equals("Failed") && !phase.equals("Succeeded")) {
                return true;
            }
        }
        return false;
    }

    /** Finds or makes the ReplicaSet of the present template, with its revision; null where it is not there and not to be made. */
    private @Nullable ReplicaSet newSet(boolean create) {
        ReplicaSet known = Revisions.current(deployment, all);
        long revision = Revisions.newest(old(known)) + 1;
        ReplicaSet current;
        if (known != null) {
            current = refresh(known, revision);
        } else if (create) {
            current = create(revision);
        } else {
            return null;
        }
        annotateRevision(current.metadata().annotations().getOrDefault(Revisions.REVISION, ""));
        return current;
    }

    private ReplicaSet refresh(ReplicaSet known, long revision) {
        Map<String, String> annotations =
                Revisions.annotations(deployment, known.metadata().annotations(), revision, true);
        ReplicaSet wanted = known.toBuilder()
                .metadata(meta -> meta.annotations(annotations))
                .spec(spec -> spec.minReadySeconds(
                        deployment.spec().hasMinReadySeconds()
                                ? deployment.spec().minReadySeconds()
                                : null))
                .build();
        boolean same = annotations.equals(known.metadata().annotations())
                && wanted.spec().minReadySeconds() == known.spec().minReadySeconds();
        ReplicaSet current = same ? known : replace(known, sets.update(wanted));
        if (Statuses.hasDeadline(deployment)
                && Conditions.find(deployment.status().conditions(), Conditions.PROGRESSING) == null) {
            noteProgress(
                    "FoundNewReplicaSet",
                    "Found new replica set \"" + current.metadata().name() + "\"");
        }
        return current;
    }

    private ReplicaSet create(long revision) {
        PodTemplateSpec template = deployment.spec().template();
        String hash = TemplateHash.of(template, deployment.status().collisionCount());
        int size = Sizes.ofNew(deployment, 0, all);
        Map<String, String> labels = new HashMap<>(template.metadata().labels());
        labels.put(TemplateHash.LABEL, hash);
        ReplicaSet wanted = ReplicaSet.builder()
                .metadata(meta -> meta.name(deployment.metadata().name() + "-" + hash)
                        .namespace(deployment.metadata().namespace())
                        .labels(labels)
                        .annotations(Revisions.annotations(deployment, Map.of(), revision, false))
                        .addOwnerReferences(Owners.reference(deployment)))
                .spec(spec -> spec.replicas(size)
                        .minReadySeconds(
                                deployment.spec().hasMinReadySeconds()
                                        ? deployment.spec().minReadySeconds()
                                        : null)
                        .selector(deployment.spec().selector().toBuilder()
                                .putMatchLabels(TemplateHash.LABEL, hash)
                                .build())
                        .template(template.toBuilder()
                                .metadata(meta -> meta.labels(labels))
                                .build()))
                .build();
        ReplicaSet created = store(wanted);
        if (size > 0) {
            scope.events()
                    .normal(
                            deployment,
                            "ScalingReplicaSet",
                            "Scaled up replica set " + created.metadata().name() + " from 0 to " + size);
        }
        all.add(created);
        if (Statuses.hasDeadline(deployment)) {
            noteProgress(
                    "NewReplicaSetCreated",
                    "Created new replica set \"" + created.metadata().name() + "\"");
        }
        return created;
    }

    private ReplicaSet store(ReplicaSet wanted) {
        try {
            return sets.create(wanted);
        } catch (ApiException e) {
            if (!e.alreadyExists()) {
                if (Statuses.hasDeadline(deployment) && e.code() != 0) {
                    noteFailure(e);
                }
                throw e;
            }
            ReplicaSet other =
                    sets.get(wanted.metadata().namespace(), wanted.metadata().name());
            if (Owners.controls(deployment, other)
                    && Revisions.withoutHash(other.spec().template())
                            .equals(deployment.spec().template())) {
                return other;
            }
            // Another template of the same hash: count it, and the next attempt hashes differently.
            deployments.updateStatus(deployment.toBuilder()
                    .status(status -> status.collisionCount(deployment.status().collisionCount() + 1))
                    .build());
            throw e;
        }
    }

    private void noteFailure(ApiException failure) {
        var condition = Conditions.make(
                Conditions.PROGRESSING,
                "False",
                "ReplicaSetCreateError",
                "Failed to create new replica set: " + failure.getMessage(),
                scope.now());
        var conditions = Conditions.with(deployment.status().conditions(), condition);
        if (!conditions.equals(deployment.status().conditions())) {
            deployments.updateStatus(deployment.toBuilder()
                    .status(status -> status.conditions(conditions))
                    .build());
        }
    }

    private void noteProgress(String reason, String message) {
        var conditions = Conditions.with(
                deployment.status().conditions(),
                Conditions.make(Conditions.PROGRESSING, "True", reason, message, scope.now()));
        deployment = deployments.updateStatus(deployment.toBuilder()
                .status(status -> status.conditions(conditions))
                .build());
    }

    private void annotateRevision(String revision) {
        String known = deployment.metadata().annotations().getOrDefault(Revisions.REVISION, "");
        if (!revision.isEmpty() && !known.equals(revision)) {
            deployment = deployments.update(deployment.toBuilder()
                    .metadata(meta -> {
                        Map<String, String> annotations =
                                new HashMap<>(deployment.metadata().annotations());
                        annotations.put(Revisions.REVISION, revision);
                        meta.annotations(annotations);
                    })
                    .build());
        }
    }

    private ReplicaSet replace(ReplicaSet before, ReplicaSet after) {
        all.replaceAll(set -> set.metadata().uid().equals(before.metadata().uid()) ? after : set);
        return after;
    }

    /** Sizes a ReplicaSet and tells of it; whether its size changed. */
    private boolean resize(ReplicaSet set, int size) {
        int before = set.spec().replicas();
        Map<String, String> annotations = new HashMap<>(set.metadata().annotations());
        annotations.putAll(Revisions.sizes(deployment));
        if (before == size && (annotations.equals(set.metadata().annotations()) || before == 0)) {
            return false;
        }
        replace(
                set,
                sets.update(set.toBuilder()
                        .metadata(meta -> meta.annotations(annotations))
                        .spec(spec -> spec.replicas(size))
                        .build()));
        if (before != size) {
            scope.events()
                    .normal(
                            deployment,
                            "ScalingReplicaSet",
                            "Scaled " + (size > before ? "up" : "down") + " replica set "
                                    + set.metadata().name() + " from " + before + " to " + size);
        }
        return before != size;
    }

    private void cleanUp(List<ReplicaSet> old) {
        for (ReplicaSet set : Revisions.surplus(deployment, old)) {
            try {
                sets.delete(
                        set.metadata().namespace(),
                        set.metadata().name(),
                        DeleteRequest.DEFAULT.only(set.metadata().uid()));
            } catch (ApiException e) {
                if (!e.notFound() && !e.conflict()) {
                    throw e;
                }
            }
        }
    }

    private DeploymentStatus storeRollout(@Nullable ReplicaSet current, List<ReplicaSet> old) {
        return store(Statuses.rollout(
                deployment, latest(current), old.stream().map(this::known).toList(), scope.now()));
    }

    private @Nullable ReplicaSet latest(@Nullable ReplicaSet set) {
        return set == null ? null : known(set);
    }

    /** The ReplicaSet as this pass last wrote it. */
    private ReplicaSet known(ReplicaSet set) {
        for (ReplicaSet each : all) {
            if (each.metadata().uid().equals(set.metadata().uid())) {
                return each;
            }
        }
        return set;
    }

    private DeploymentStatus store(DeploymentStatus status) {
        if (!status.equals(deployment.status())) {
            deployments.updateStatus(deployment.toBuilder().status(status).build());
        }
        return status;
    }
}
