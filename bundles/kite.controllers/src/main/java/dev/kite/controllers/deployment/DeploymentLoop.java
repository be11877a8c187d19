package dev.kite.controllers.deployment;

import dev.kite.api.client.Informer;
import dev.kite.api.client.ObjectKey;
import dev.kite.api.controller.WorkQueue;
import dev.kite.controllers.base.Claims;
import dev.kite.controllers.base.Loop;
import dev.kite.controllers.base.Owners;
import dev.kite.controllers.base.Scope;
import dev.kite.controllers.base.Selectors;
import dev.kite.model.apps.v1.Deployment;
import dev.kite.model.apps.v1.DeploymentStatus;
import dev.kite.model.apps.v1.ReplicaSet;
import dev.kite.model.core.v1.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rolls Deployments out through ReplicaSets, one for each revision of the template. */
public final class DeploymentLoop implements Loop {
    private static final String API_VERSION = "apps/v1";

    /** Makes the loop. */
    public DeploymentLoop() {}

    @Override
    public String name() {
        return "deployment-controller";
    }

    @Override
    public void start(Scope scope) {
        new Running(scope).start();
    }

    private static final class Running {
        private final Scope scope;
        private final Informer<Deployment> deployments;
        private final Informer<ReplicaSet> sets;
        private final Informer<Pod> pods;
        private final Claims<ReplicaSet> claims;
        private final WorkQueue<ObjectKey> queue;

        Running(Scope scope) {
            this.scope = scope;
            this.deployments = scope.informer(Deployment.RESOURCE);
            this.sets = scope.informer(ReplicaSet.RESOURCE);
            this.pods = scope.informer(Pod.RESOURCE);
            this.claims = new Claims<>(scope.resource(ReplicaSet.RESOURCE));
            this.queue = scope.queue();
        }

        void start() {
            Owners.index(sets);
            Owners.index(pods);
            deployments.onChange((before, after) -> {
                if (after != null) {
                    queue.add(Owners.key(after));
                }
            });
            sets.onChange(this::setChanged);
            pods.onChange((before, after) -> {
                if (before != null && after == null) {
                    podGone(before);
                }
            });
            scope.run(scope.workers("concurrent-deployment-syncs", 5), queue, this::reconcile);
        }

        private void setChanged(@Nullable ReplicaSet before, @Nullable ReplicaSet after) {
            if (before != null) {
                wakeOwner(before);
            }
            if (after == null) {
                return;
            }
            wakeOwner(after);
            if (Owners.controllerOf(after.metadata()) == null) {
                // An orphan may be adopted by whoever selects it.
                for (Deployment candidate : deployments.list(after.metadata().namespace())) {
                    if (Selectors.matches(
                            candidate.spec().selector(), after.metadata().labels())) {
                        queue.add(Owners.key(candidate));
                    }
                }
            }
        }

        private void wakeOwner(ReplicaSet set) {
            ObjectKey owner = Owners.controllerKey(set.metadata(), API_VERSION, "Deployment");
            if (owner != null) {
                queue.add(owner);
            }
        }

        /** A Recreate rollout goes on when the last old pod is gone, which changes no ReplicaSet any more. */
        private void podGone(Pod pod) {
            ObjectKey set = Owners.controllerKey(pod.metadata(), API_VERSION, "ReplicaSet");
            ReplicaSet owner = set == null ? null : sets.get(set.namespace(), set.name());
            ObjectKey above = owner == null ? null : Owners.controllerKey(owner.metadata(), API_VERSION, "Deployment");
            Deployment deployment = above == null ? null : deployments.get(above.namespace(), above.name());
            if (deployment != null && deployment.spec().strategy().type().equals("Recreate")) {
                queue.add(Owners.key(deployment));
            }
        }

        private @Nullable Duration reconcile(ObjectKey key) {
            Deployment deployment = deployments.get(key.namespace(), key.name());
            if (deployment == null) {
                return null;
            }
            if (Selectors.isEmpty(deployment.spec().selector())) {
                scope.events()
                        .warning(
                                deployment,
                                "SelectingAll",
                                "This deployment is selecting all pods. A non-empty selector is required.");
                return null;
            }
            List<ReplicaSet> own = new ArrayList<>(claims.claim(
                    deployment,
                    () -> scope.resource(Deployment.RESOURCE)
                            .find(key.namespace(), key.name())
                            .orElse(null),
                    Owners.controlledBy(sets, deployment.metadata().uid()),
                    Owners.orphans(sets, key.namespace()),
                    set -> Selectors.matches(
                            deployment.spec().selector(), set.metadata().labels()),
                    _ -> true));
            List<Pod> owned = new ArrayList<>();
            for (ReplicaSet set : own) {
                owned.addAll(Owners.controlledBy(pods, set.metadata().uid()));
            }
            DeploymentStatus status = new Rollout(scope, deployment, own, owned).run();
            return Statuses.untilDeadline(deployment, status, scope.now());
        }
    }
}
