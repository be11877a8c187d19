package dev.kite.controllers.daemon;

import static dev.kite.controllers.base.Values.absent;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.Informer;
import dev.kite.api.client.ObjectKey;
import dev.kite.api.client.ResourceClient;
import dev.kite.api.controller.WorkQueue;
import dev.kite.controllers.base.Claims;
import dev.kite.controllers.base.Expectations;
import dev.kite.controllers.base.Loop;
import dev.kite.controllers.base.Owners;
import dev.kite.controllers.base.PodControl;
import dev.kite.controllers.base.Pods;
import dev.kite.controllers.base.Scope;
import dev.kite.controllers.base.Selectors;
import dev.kite.controllers.base.SlowStart;
import dev.kite.controllers.revisions.History;
import dev.kite.model.apps.v1.ControllerRevision;
import dev.kite.model.apps.v1.DaemonSet;
import dev.kite.model.apps.v1.DaemonSetStatus;
import dev.kite.model.core.v1.Node;
import dev.kite.model.core.v1.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Runs a pod on each node that a DaemonSet selects. */
public final class DaemonSetLoop implements Loop {

    /** At most so many pods are created or deleted at once, as upstream. */
    private static final int BURST = 250;

    private static final String GENERATION = "deprecated.daemonset.template.generation";

    /** Makes the loop. */
    public DaemonSetLoop() {}

    @Override
    public String name() {
        return "daemon-set-controller";
    }

    @Override
    public void start(Scope scope) {
        new Running(scope).start();
    }

    private static final class Running {
        /** How often a node's pod ended, and when it may be replaced. */
        private record Backoff(int failures, Instant until) {}

        private final Scope scope;
        private final Informer<DaemonSet> sets;
        private final Informer<Node> nodes;
        private final Informer<Pod> pods;
        private final History history;
        private final PodControl control;
        private final Claims<Pod> claims;
        private final Expectations<Pod> expectations;
        private final ResourceClient<DaemonSet> client;
        private final WorkQueue<ObjectKey> queue;
        private final Map<String, Backoff> backoffs = new ConcurrentHashMap<>();

        Running(Scope scope) {
            this.scope = scope;
            this.sets = scope.informer(DaemonSet.RESOURCE);
            this.nodes = scope.informer(Node.RESOURCE);
            this.pods = scope.informer(Pod.RESOURCE);
            this.history = new History(scope);
            this.control = new PodControl(scope);
            this.claims = new Claims<>(scope.resource(Pod.RESOURCE));
            this.expectations = new Expectations<>(pods, scope.clock());
            this.client = scope.resource(DaemonSet.RESOURCE);
            this.queue = scope.queue();
        }

        void start() {
            Owners.index(pods);
            sets.onChange((before, after) -> {
                DaemonSet set = after == null ? before : after;
                if (set != null) {
                    queue.add(Owners.key(set));
                }
            });
            nodes.onChange((before, after) -> {
                boolean matters = before == null
                        || after == null
                        || !before.metadata().labels().equals(after.metadata().labels())
                        || !before.spec().taints().equals(after.spec().taints());
                if (matters) {
                    sets.list().forEach(set -> queue.add(Owners.key(set)));
                }
            });
            pods.onChange((before, after) -> {
                if (before != null) {
                    wake(before, after == null);
                }
                if (after != null) {
                    wake(after, false);
                    adoptable(after);
                }
            });
            scope.run(scope.workers("concurrent-daemonset-syncs", 2), queue, this::reconcile);
        }

        private void wake(Pod pod, boolean gone) {
            ObjectKey owner = Owners.controllerKey(pod.metadata(), "apps/v1", "DaemonSet");
            if (owner != null) {
                if (gone) {
                    expectations.gone(owner, pod);
                }
                queue.add(owner);
            }
        }

        private void adoptable(Pod pod) {
            if (Owners.controllerOf(pod.metadata()) == null) {
                for (DaemonSet set : sets.list(pod.metadata().namespace())) {
                    if (Selectors.matches(set.spec().selector(), pod.metadata().labels())) {
                        queue.add(Owners.key(set));
                    }
                }
            }
        }

        private @Nullable Duration reconcile(ObjectKey key) throws InterruptedException {
            DaemonSet set = sets.get(key.namespace(), key.name());
            if (set == null) {
                expectations.forget(key);
                return null;
            }
            if (Selectors.isEmpty(set.spec().selector())) {
                scope.events()
                        .warning(
                                set,
                                "SelectingAll",
                                "This daemon set is selecting all pods. A non-empty selector is required.");
                return null;
            }
            if (set.metadata().hasDeletionTimestamp()) {
                return null;
            }
            List<Pod> own = claims.claim(
                    set,
                    () -> client.find(key.namespace(), key.name()).orElse(null),
                    Owners.controlledBy(pods, set.metadata().uid()),
                    Owners.orphans(pods, key.namespace()),
                    pod -> Selectors.matches(
                            set.spec().selector(), pod.metadata().labels()),
                    _ -> true);
            List<ControllerRevision> revisions = history.of(
                    set,
                    set.spec().selector(),
                    () -> client.find(key.namespace(), key.name()).orElse(null));
            ControllerRevision current = revision(set, revisions);
            Duration again = null;
            if (expectations.satisfied(key)) {
                again = act(key, set, History.hash(current), own);
                trim(set, revisions, current, own);
            }
            updateStatus(set, History.hash(current), own);
            return again != null ? again : untilAvailable(set, own);
        }

        private ControllerRevision revision(DaemonSet set, List<ControllerRevision> known) {
            try {
                return history.current(
                        set,
                        set.spec().template(),
                        set.spec().template().metadata().labels(),
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

        private void trim(
                DaemonSet set, List<ControllerRevision> revisions, ControllerRevision current, Collection<Pod> own) {
            Set<String> live = new HashSet<>(Set.of(current.metadata().name()));
            for (Pod pod : own) {
                live.add(set.metadata().name() + "-" + pod.metadata().labels().getOrDefault(History.HASH, ""));
            }
            history.trim(revisions, live, set.spec().revisionHistoryLimit());
        }

        private @Nullable Duration act(ObjectKey key, DaemonSet set, String hash, Collection<Pod> own)
                throws InterruptedException {
            DaemonPlan plan = DaemonPlan.of(set, hash, nodes.list(), own, scope.now());
            Duration again = null;
            for (Pod pod : plan.ended()) {
                Duration wait = endPod(key, set, pod);
                again = wait == null || (again != null && again.compareTo(wait) < 0) ? again : wait;
            }
            for (Pod pod :
                    plan.delete().subList(0, Math.min(BURST, plan.delete().size()))) {
                if (control.delete(set, pod)) {
                    expectations.deleted(key, pod);
                }
            }
            create(
                    key,
                    set,
                    hash,
                    plan.create().subList(0, Math.min(BURST, plan.create().size())));
            return again;
        }

        /** Deletes a pod that ended by itself, or says how long it is left as it is: 1 s doubled each time, 15 minutes at most. */
        private @Nullable Duration endPod(ObjectKey key, DaemonSet set, Pod pod) {
            String node = DaemonPods.node(pod);
            String where = set.metadata().uid() + "/" + node;
            Instant now = scope.now();
            Backoff known = backoffs.get(where);
            if (known != null && now.isBefore(known.until())) {
                return Duration.between(now, known.until());
            }
            int earlier = known == null || Duration.between(known.until(), now).toMinutes() > 15 ? 0 : known.failures();
            int failures = earlier + 1;
            long seconds = Math.min(1L << Math.min(failures - 1, 10), 900);
            backoffs.put(where, new Backoff(failures, now.plusSeconds(seconds)));
            boolean failed = pod.status().phase().equals("Failed");
            String message = "Found " + (failed ? "failed" : "succeeded") + " daemon pod " + pod.key() + " on node "
                    + node + ", will try to " + (failed ? "kill" : "delete") + " it";
            if (failed) {
                scope.events().warning(set, "FailedDaemonPod", message);
            } else {
                scope.events().normal(set, "SucceededDaemonPod", message);
            }
            if (control.delete(set, pod)) {
                expectations.deleted(key, pod);
            }
            return null;
        }

        private void create(ObjectKey key, DaemonSet set, String hash, List<String> names) throws InterruptedException {
            if (names.isEmpty()) {
                return;
            }
            Queue<String> left = new ConcurrentLinkedQueue<>(names);
            String generation = set.metadata().annotations().getOrDefault(GENERATION, "");
            SlowStart.Outcome outcome = SlowStart.run(names.size(), () -> {
                String node = left.remove();
                Pod pod = PodControl.fromTemplate(set, set.spec().template()).toBuilder()
                        .metadata(meta -> {
                            meta.putLabels(History.HASH, hash);
                            if (!generation.isEmpty()) {
                                meta.putLabels("pod-template-generation", generation);
                            }
                        })
                        .build();
                Pod created = control.create(set, DaemonPods.on(pod, node));
                expectations.created(key, created);
                return created;
            });
            if (outcome.failure() instanceof ApiException e) {
                if (!PodControl.namespaceTerminating(e)) {
                    throw e;
                }
            } else if (outcome.failure() != null) {
                throw new IllegalStateException(outcome.failure());
            }
        }

        private @Nullable Duration untilAvailable(DaemonSet set, Collection<Pod> own) {
            Duration least = null;
            for (Pod pod : own) {
                Duration wait = Pods.untilAvailable(pod, set.spec().minReadySeconds(), scope.now());
                least = wait == null || (least != null && least.compareTo(wait) < 0) ? least : wait;
            }
            return least == null ? null : least.plusSeconds(1);
        }

        private void updateStatus(DaemonSet set, String hash, Collection<Pod> own) {
            DaemonSetStatus status = DaemonStatus.of(set, hash, nodes.list(), own, scope.now());
            if (!status.equals(set.status())) {
                client.updateStatus(set.toBuilder().status(status).build());
            }
        }
    }

    /** A DaemonSet's status in numbers. Pure. */
    static final class DaemonStatus {
        private DaemonStatus() {}

        static DaemonSetStatus of(
                DaemonSet set, String hash, Collection<Node> nodes, Collection<Pod> own, Instant now) {
            Map<String, List<Pod>> byNode = DaemonPlan.byNode(own);
            int desired = 0;
            int current = 0;
            int misscheduled = 0;
            int ready = 0;
            int available = 0;
            int updated = 0;
            for (Node node : nodes) {
                List<Pod> here = byNode.getOrDefault(node.metadata().name(), List.of());
                if (!DaemonPods.shouldRun(set, node)) {
                    misscheduled += here.isEmpty() ? 0 : 1;
                    continue;
                }
                desired++;
                current += here.isEmpty() ? 0 : 1;
                List<Pod> live =
                        here.stream().filter(pod -> !Pods.isTerminating(pod)).toList();
                ready += live.stream().anyMatch(Pods::isReady) ? 1 : 0;
                available += live.stream()
                                .anyMatch(
                                        pod -> Pods.isAvailable(pod, set.spec().minReadySeconds(), now))
                        ? 1
                        : 0;
                updated += live.stream()
                                .anyMatch(pod ->
                                        hash.equals(pod.metadata().labels().get(History.HASH)))
                        ? 1
                        : 0;
            }
            return set.status().toBuilder()
                    .currentNumberScheduled(current)
                    .numberMisscheduled(misscheduled)
                    .desiredNumberScheduled(desired)
                    .numberReady(ready)
                    .observedGeneration(absent(set.metadata().generation()))
                    .updatedNumberScheduled(absent(updated))
                    .numberAvailable(absent(available))
                    .numberUnavailable(absent(desired - available))
                    .build();
        }
    }
}
