package dev.kite.controllers.replicas;

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
import dev.kite.model.KubernetesObject;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.meta.v1.OwnerReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the wanted number of pods for each ReplicaSet or ReplicationController.
 *
 * @param <T> the kind
 */
public final class ReplicaLoop<T extends KubernetesObject> implements Loop {
    private final String name;
    private final String argument;
    private final Replicas<T> kind;

    private ReplicaLoop(String name, String argument, Replicas<T> kind) {
        this.name = name;
        this.argument = argument;
        this.kind = kind;
    }

    /** @return the loop of ReplicaSets */
    public static Loop replicaSets() {
        return new ReplicaLoop<>("replicaset-controller", "concurrent-replicaset-syncs", new ReplicaSets());
    }

    /** @return the loop of ReplicationControllers */
    public static Loop replicationControllers() {
        return new ReplicaLoop<>("replication-controller", "concurrent-rc-syncs", new ReplicationControllers());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void start(Scope scope) {
        new Running<>(kind, scope).start(scope.workers(argument, 5));
    }

    private static final class Running<T extends KubernetesObject> {
        private final Replicas<T> kind;
        private final Scope scope;
        private final Informer<T> owners;
        private final Informer<Pod> pods;
        private final ResourceClient<T> client;
        private final PodControl control;
        private final Claims<Pod> claims;
        private final Expectations<Pod> expectations;
        private final WorkQueue<ObjectKey> queue;

        Running(Replicas<T> kind, Scope scope) {
            this.kind = kind;
            this.scope = scope;
            this.owners = scope.informer(kind.type());
            this.pods = scope.informer(Pod.RESOURCE);
            this.client = scope.resource(kind.type());
            this.control = new PodControl(scope);
            this.claims = new Claims<>(scope.resource(Pod.RESOURCE));
            this.expectations = new Expectations<>(pods, scope.clock());
            this.queue = scope.queue();
        }

        void start(int workers) {
            Owners.index(pods);
            Owners.index(owners);
            owners.onChange((before, after) -> queue.add(Owners.key(after == null ? required(before) : after)));
            pods.onChange(this::podChanged);
            scope.run(workers, queue, this::reconcile);
        }

        private static <A> A required(@Nullable A value) {
            if (value == null) {
                throw new IllegalStateException("a change from nothing to nothing");
            }
            return value;
        }

        private void podChanged(@Nullable Pod before, @Nullable Pod after) {
            if (before != null) {
                wakeOwner(before, after == null);
            }
            if (after == null) {
                return;
            }
            wakeOwner(after, false);
            if (Owners.controllerOf(after.metadata()) == null) {
                // An orphan may be adopted by whoever selects it.
                for (T candidate : owners.list(after.metadata().namespace())) {
                    if (kind.selects(candidate, after.metadata().labels())) {
                        queue.add(Owners.key(candidate));
                    }
                }
            }
            wakeWhenAvailable(after);
        }

        private void wakeOwner(Pod pod, boolean gone) {
            ObjectKey owner = Owners.controllerKey(
                    pod.metadata(), kind.type().apiVersion(), kind.type().kind());
            if (owner != null) {
                if (gone) {
                    expectations.gone(owner, pod);
                }
                queue.add(owner);
            }
        }

        /** A pod that became ready counts as available later, without another event. */
        private void wakeWhenAvailable(Pod pod) {
            ObjectKey key = Owners.controllerKey(
                    pod.metadata(), kind.type().apiVersion(), kind.type().kind());
            T owner = key == null ? null : owners.get(key.namespace(), key.name());
            if (owner != null && kind.minReadySeconds(owner) > 0) {
                Duration wait = Pods.untilAvailable(pod, kind.minReadySeconds(owner), scope.now());
                if (wait != null) {
                    queue.addAfter(Owners.key(owner), wait.plusSeconds(1));
                }
            }
        }

        private @Nullable Duration reconcile(ObjectKey key) throws InterruptedException {
            T owner = owners.get(key.namespace(), key.name());
            if (owner == null) {
                expectations.forget(key);
                return null;
            }
            boolean mayAct = expectations.satisfied(key);
            if (kind.selectsAll(owner)) {
                return null;
            }
            List<Pod> claimed = claims.claim(
                    owner,
                    () -> client.find(key.namespace(), key.name()).orElse(null),
                    Owners.controlledBy(pods, owner.metadata().uid()),
                    Owners.orphans(pods, key.namespace()),
                    pod -> kind.selects(owner, pod.metadata().labels()),
                    Pods::isActive);
            List<Pod> active = claimed.stream().filter(Pods::isActive).toList();
            Replicas.@Nullable Failure failure = null;
            @Nullable RuntimeException thrown = null;
            if (mayAct && !owner.metadata().hasDeletionTimestamp()) {
                try {
                    act(key, owner, active);
                } catch (ApiException e) {
                    thrown = e;
                    failure = new Replicas.Failure(
                            active.size() < kind.desired(owner) ? "FailedCreate" : "FailedDelete",
                            String.valueOf(e.getMessage()));
                }
            }
            updateStatus(owner, claimed, active, failure);
            if (thrown != null) {
                throw thrown;
            }
            return null;
        }

        private void act(ObjectKey key, T owner, List<Pod> active) throws InterruptedException {
            ReplicaPlan plan = ReplicaPlan.decide(active, kind.desired(owner), related(owner, active), scope.now());
            switch (plan) {
                case ReplicaPlan.Keep() -> {}
                case ReplicaPlan.Create(int count) -> create(key, owner, count);
                case ReplicaPlan.Delete(List<Pod> surplus) -> {
                    for (Pod pod : surplus) {
                        if (control.delete(owner, pod)) {
                            expectations.deleted(key, pod);
                        }
                    }
                }
            }
        }

        private void create(ObjectKey key, T owner, int count) throws InterruptedException {
            SlowStart.Outcome outcome = SlowStart.run(count, () -> {
                Pod pod = control.create(owner, kind.template(owner), UnaryOperator.identity());
                expectations.created(key, pod);
                return pod;
            });
            if (outcome.failure() instanceof ApiException e) {
                if (!PodControl.namespaceTerminating(e)) {
                    throw e;
                }
            } else if (outcome.failure() != null) {
                throw new IllegalStateException(outcome.failure());
            }
        }

        /** The active pods of all that the owner's owner controls: a Deployment's other ReplicaSets count when nodes are compared. */
        private Collection<Pod> related(T owner, List<Pod> active) {
            OwnerReference above = Owners.controllerOf(owner.metadata());
            if (above == null) {
                return active;
            }
            List<Pod> all = new ArrayList<>();
            for (T sibling : Owners.controlledBy(owners, above.uid())) {
                for (Pod pod : Owners.controlledBy(pods, sibling.metadata().uid())) {
                    if (Pods.isActive(pod)) {
                        all.add(pod);
                    }
                }
            }
            return all;
        }

        private void updateStatus(T owner, List<Pod> claimed, List<Pod> active, Replicas.@Nullable Failure failure) {
            Instant now = scope.now();
            Map<String, String> labels = kind.template(owner).metadata().labels();
            int labeled = 0;
            int ready = 0;
            int available = 0;
            for (Pod pod : active) {
                labeled += Selectors.matches(labels, pod.metadata().labels()) ? 1 : 0;
                ready += Pods.isReady(pod) ? 1 : 0;
                available += Pods.isAvailable(pod, kind.minReadySeconds(owner), now) ? 1 : 0;
            }
            int terminating = (int) claimed.stream()
                    .filter(pod -> Pods.isTerminating(pod) && !Pods.isFinished(pod))
                    .count();
            T changed = kind.withStatus(
                    owner, new Replicas.Counts(active.size(), labeled, ready, available, terminating, failure), now);
            if (!changed.equals(owner)) {
                client.updateStatus(changed);
            }
        }
    }
}
