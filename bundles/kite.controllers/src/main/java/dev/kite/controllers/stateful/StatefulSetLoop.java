package dev.kite.controllers.stateful;

import static dev.kite.controllers.base.Values.absent;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.DeleteRequest;
import dev.kite.api.client.EventRecorder;
import dev.kite.api.client.Informer;
import dev.kite.api.client.ObjectKey;
import dev.kite.api.client.ResourceClient;
import dev.kite.api.controller.WorkQueue;
import dev.kite.controllers.base.Claims;
import dev.kite.controllers.base.Loop;
import dev.kite.controllers.base.Owners;
import dev.kite.controllers.base.PodControl;
import dev.kite.controllers.base.Pods;
import dev.kite.controllers.base.Scope;
import dev.kite.controllers.base.Selectors;
import dev.kite.controllers.revisions.History;
import dev.kite.model.apps.v1.ControllerRevision;
import dev.kite.model.apps.v1.StatefulSet;
import dev.kite.model.apps.v1.StatefulSetStatus;
import dev.kite.model.core.v1.PersistentVolumeClaim;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.PodTemplateSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs pods that keep their names and volumes, in order. */
public final class StatefulSetLoop implements Loop {

    /** Makes the loop. */
    public StatefulSetLoop() {}

    @Override
    public String name() {
        return "statefulset-controller";
    }

    @Override
    public void start(Scope scope) {
        new Running(scope).start();
    }

    private static final class Running {
        private final Scope scope;
        private final Informer<StatefulSet> sets;
        private final Informer<Pod> pods;
        private final Informer<PersistentVolumeClaim> volumeClaims;
        private final History history;
        private final Claims<Pod> claims;
        private final ResourceClient<StatefulSet> client;
        private final ResourceClient<Pod> podClient;
        private final WorkQueue<ObjectKey> queue;

        Running(Scope scope) {
            this.scope = scope;
            this.sets = scope.informer(StatefulSet.RESOURCE);
            this.pods = scope.informer(Pod.RESOURCE);
            this.volumeClaims = scope.informer(PersistentVolumeClaim.RESOURCE);
            this.history = new History(scope);
            this.claims = new Claims<>(scope.resource(Pod.RESOURCE));
            this.client = scope.resource(StatefulSet.RESOURCE);
            this.podClient = scope.resource(Pod.RESOURCE);
            this.queue = scope.queue();
        }

        void start() {
            Owners.index(pods);
            sets.onChange((before, after) -> {
                if (after != null) {
                    queue.add(Owners.key(after));
                }
            });
            pods.onChange((before, after) -> {
                if (before != null) {
                    wake(before);
                }
                if (after != null) {
                    wake(after);
                }
            });
            scope.run(scope.workers("concurrent-statefulset-syncs", 5), queue, this::reconcile);
        }

        private void wake(Pod pod) {
            ObjectKey owner = Owners.controllerKey(pod.metadata(), "apps/v1", "StatefulSet");
            if (owner != null) {
                queue.add(owner);
            } else if (Owners.controllerOf(pod.metadata()) == null) {
                for (StatefulSet set : sets.list(pod.metadata().namespace())) {
                    if (Selectors.matches(set.spec().selector(), pod.metadata().labels())) {
                        queue.add(Owners.key(set));
                    }
                }
            }
        }

        private @Nullable Duration reconcile(ObjectKey key) {
            StatefulSet set = sets.get(key.namespace(), key.name());
            if (set == null || Selectors.isEmpty(set.spec().selector())) {
                return null;
            }
            List<Pod> own = claims.claim(
                    set,
                    () -> client.find(key.namespace(), key.name()).orElse(null),
                    Owners.controlledBy(pods, set.metadata().uid()),
                    Owners.orphans(pods, key.namespace()),
                    pod -> Selectors.matches(
                                    set.spec().selector(), pod.metadata().labels())
                            && Identity.ordinal(set, pod) >= 0,
                    _ -> true);
            if (set.metadata().hasDeletionTimestamp()) {
                return null;
            }
            List<ControllerRevision> revisions = history.of(
                    set,
                    set.spec().selector(),
                    () -> client.find(key.namespace(), key.name()).orElse(null));
            ControllerRevision update = revision(set, revisions);
            ControllerRevision current = revisions.stream()
                    .filter(revision ->
                            revision.metadata().name().equals(set.status().currentRevision()))
                    .findFirst()
                    .orElse(update);
            StatefulPlan plan = StatefulPlan.of(
                    set, current.metadata().name(), update.metadata().name(), own, scope.now());
            try {
                act(set, current, update, plan);
            } finally {
                updateStatus(set, current, update, own);
            }
            trim(set, revisions, current, update, own);
            return untilAvailable(set, own);
        }

        private ControllerRevision revision(StatefulSet set, List<ControllerRevision> known) {
            try {
                return history.current(
                        set,
                        set.spec().template(),
                        set.spec().selector().matchLabels(),
                        known,
                        set.status().collisionCount());
            } catch (ApiException e) {
                if (e.alreadyExists()) {
                    client.updateStatus(set.toBuilder()
                            .status(status -> status.collisionCount(set.status().collisionCount() + 1))
                            .build());
                }
                throw e;
            }
        }

        private void act(StatefulSet set, ControllerRevision current, ControllerRevision update, StatefulPlan plan) {
            for (Pod pod : plan.recreate()) {
                boolean failed = pod.status().phase().equals("Failed");
                scope.events()
                        .record(
                                set,
                                failed ? EventRecorder.Type.WARNING : EventRecorder.Type.NORMAL,
                                failed ? "RecreatingFailedPod" : "RecreatingTerminatedPod",
                                "StatefulSet " + set.key() + " is recreating " + (failed ? "failed" : "terminated")
                                        + " Pod " + pod.metadata().name());
                delete(set, pod);
            }
            for (StatefulPlan.Member member : plan.create()) {
                boolean isCurrent = member.revision().equals(current.metadata().name());
                PodTemplateSpec template = History.template(isCurrent ? current : update);
                create(set, template, member);
            }
            for (Pod pod : plan.scaleDown()) {
                releaseClaims(set, pod);
                delete(set, pod);
            }
            plan.update().forEach(pod -> delete(set, pod));
        }

        private void create(StatefulSet set, PodTemplateSpec template, StatefulPlan.Member member) {
            Pod wanted = Identity.pod(set, template, member.revision(), member.ordinal());
            String what = "create Pod " + wanted.metadata().name() + " in StatefulSet "
                    + set.metadata().name();
            try {
                for (PersistentVolumeClaim claim : Identity.claims(set, member.ordinal())) {
                    claim(set, wanted, claim);
                }
                podClient.create(wanted);
                scope.events().normal(set, "SuccessfulCreate", what + " successful");
            } catch (ApiException e) {
                // The informer may not show it yet.
                if (e.alreadyExists() || PodControl.namespaceTerminating(e)) {
                    return;
                }
                scope.events().warning(set, "FailedCreate", what + " failed error: " + e.getMessage());
                throw e;
            }
        }

        private void claim(StatefulSet set, Pod pod, PersistentVolumeClaim wanted) {
            PersistentVolumeClaim known = volumeClaims.get(
                    wanted.metadata().namespace(), wanted.metadata().name());
            if (known != null) {
                if (known.metadata().hasDeletionTimestamp()) {
                    throw new ApiException(
                            409, "Conflict", "pvc " + wanted.metadata().name() + " is being deleted");
                }
                return;
            }
            try {
                scope.resource(PersistentVolumeClaim.RESOURCE).create(wanted);
                scope.events()
                        .normal(
                                set,
                                "SuccessfulCreate",
                                "create Claim " + wanted.metadata().name() + " Pod "
                                        + pod.metadata().name() + " in StatefulSet "
                                        + set.metadata().name() + " success");
            } catch (ApiException e) {
                if (!e.alreadyExists()) {
                    throw e;
                }
            }
        }

        /** Where the claims of members that go shall go too, they go with their pod. */
        private void releaseClaims(StatefulSet set, Pod pod) {
            if (!set.spec().persistentVolumeClaimRetentionPolicy().whenScaled().equals("Delete")) {
                return;
            }
            for (PersistentVolumeClaim template : set.spec().volumeClaimTemplates()) {
                String name = Identity.claimName(set, template, Identity.ordinal(set, pod));
                PersistentVolumeClaim claim = volumeClaims.get(set.metadata().namespace(), name);
                if (claim != null && !Owners.controls(pod, claim)) {
                    scope.resource(PersistentVolumeClaim.RESOURCE)
                            .update(claim.toBuilder()
                                    .metadata(meta -> meta.ownerReferences(List.of(Owners.reference(pod))))
                                    .build());
                }
            }
        }

        private void delete(StatefulSet set, Pod pod) {
            String what = "delete Pod " + pod.metadata().name() + " in StatefulSet "
                    + set.metadata().name();
            try {
                podClient.delete(
                        pod.metadata().namespace(),
                        pod.metadata().name(),
                        DeleteRequest.DEFAULT.only(pod.metadata().uid()));
                scope.events().normal(set, "SuccessfulDelete", what + " successful");
            } catch (ApiException e) {
                if (e.notFound() || e.conflict()) {
                    return;
                }
                scope.events().warning(set, "FailedDelete", what + " failed error: " + e.getMessage());
                throw e;
            }
        }

        private void trim(
                StatefulSet set,
                List<ControllerRevision> revisions,
                ControllerRevision current,
                ControllerRevision update,
                Collection<Pod> own) {
            Set<String> live = new HashSet<>(
                    List.of(current.metadata().name(), update.metadata().name()));
            own.forEach(pod -> live.add(pod.metadata().labels().getOrDefault(History.HASH, "")));
            history.trim(
                    revisions,
                    live,
                    set.spec().hasRevisionHistoryLimit() ? set.spec().revisionHistoryLimit() : 10);
        }

        private @Nullable Duration untilAvailable(StatefulSet set, Collection<Pod> own) {
            Duration least = null;
            for (Pod pod : own) {
                Duration wait = Pods.untilAvailable(pod, set.spec().minReadySeconds(), scope.now());
                least = wait == null || (least != null && least.compareTo(wait) < 0) ? least : wait;
            }
            return least == null ? null : least.plusSeconds(1);
        }

        private void updateStatus(
                StatefulSet set, ControllerRevision current, ControllerRevision update, Collection<Pod> own) {
            StatefulSetStatus status =
                    status(set, current.metadata().name(), update.metadata().name(), own, scope.now());
            if (!status.equals(set.status())) {
                client.updateStatus(set.toBuilder().status(status).build());
            }
        }
    }

    /**
     * Counts a StatefulSet's pods. Pure.
     *
     * @param set the StatefulSet
     * @param current the revision that rolls out of use
     * @param update the revision of its template
     * @param own its pods
     * @param now the time
     * @return its status
     */
    static StatefulSetStatus status(StatefulSet set, String current, String update, Collection<Pod> own, Instant now) {
        int replicas = 0;
        int ready = 0;
        int available = 0;
        int ofCurrent = 0;
        int ofUpdate = 0;
        for (Pod pod : own) {
            if (Pods.isFinished(pod)) {
                continue;
            }
            replicas++;
            boolean lives = !Pods.isTerminating(pod);
            boolean runs = pod.status().phase().equals("Running") && Pods.isReady(pod);
            ready += runs ? 1 : 0;
            available += runs && Pods.isAvailable(pod, set.spec().minReadySeconds(), now) ? 1 : 0;
            String revision = pod.metadata().labels().getOrDefault(History.HASH, "");
            ofCurrent += lives && revision.equals(current) ? 1 : 0;
            ofUpdate += lives && revision.equals(update) ? 1 : 0;
        }
        boolean rolling = !set.spec().updateStrategy().type().equals("OnDelete");
        boolean complete = rolling
                && ofUpdate == replicas
                && ready == replicas
                && replicas == set.spec().replicas();
        return set.status().toBuilder()
                .observedGeneration(absent(set.metadata().generation()))
                .replicas(replicas)
                .readyReplicas(absent(ready))
                .availableReplicas(available)
                .currentReplicas(absent(complete ? ofUpdate : ofCurrent))
                .updatedReplicas(absent(ofUpdate))
                .currentRevision(complete ? update : current)
                .updateRevision(update)
                .collisionCount(set.status().collisionCount())
                .build();
    }
}
