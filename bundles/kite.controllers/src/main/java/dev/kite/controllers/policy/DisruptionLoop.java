package dev.kite.controllers.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.client.ApiException;
import dev.kite.api.client.Discovery;
import dev.kite.api.client.Informer;
import dev.kite.api.client.ObjectKey;
import dev.kite.api.controller.WorkQueue;
import dev.kite.controllers.base.Loop;
import dev.kite.controllers.base.Owners;
import dev.kite.controllers.base.Scope;
import dev.kite.model.apps.v1.Deployment;
import dev.kite.model.apps.v1.ReplicaSet;
import dev.kite.model.apps.v1.StatefulSet;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.ReplicationController;
import dev.kite.model.meta.v1.OwnerReference;
import dev.kite.model.policy.v1.PodDisruptionBudget;
import dev.kite.model.policy.v1.PodDisruptionBudgetStatus;
import dev.kite.model.selector.LabelSelectors;
import dev.kite.model.selector.Selector;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps the status of disruption budgets, by which evictions are allowed or refused. */
public final class DisruptionLoop implements Loop {
    /** Makes the loop. */
    public DisruptionLoop() {}

    @Override
    public String name() {
        return "disruption-controller";
    }

    @Override
    public void start(Scope scope) {
        new Running(scope).start();
    }

    private static final class Running {
        private final Scope scope;
        private final Informer<PodDisruptionBudget> budgets;
        private final Informer<Pod> pods;
        private final Informer<ReplicaSet> replicaSets;
        private final Informer<Deployment> deployments;
        private final Informer<StatefulSet> statefulSets;
        private final Informer<ReplicationController> controllers;
        private final WorkQueue<ObjectKey> queue;

        Running(Scope scope) {
            this.scope = scope;
            this.budgets = scope.informer(PodDisruptionBudget.RESOURCE);
            this.pods = scope.informer(Pod.RESOURCE);
            this.replicaSets = scope.informer(ReplicaSet.RESOURCE);
            this.deployments = scope.informer(Deployment.RESOURCE);
            this.statefulSets = scope.informer(StatefulSet.RESOURCE);
            this.controllers = scope.informer(ReplicationController.RESOURCE);
            this.queue = scope.queue();
        }

        void start() {
            budgets.onChange((before, after) -> {
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
            scope.run(1, queue, this::reconcile);
        }

        private void wake(Pod pod) {
            for (PodDisruptionBudget budget : budgets.list(pod.metadata().namespace())) {
                if (selector(budget).matches(pod.metadata().labels())) {
                    queue.add(Owners.key(budget));
                }
            }
        }

        private static Selector selector(PodDisruptionBudget budget) {
            return budget.spec().hasSelector() ? LabelSelectors.of(budget.spec().selector()) : Selector.NOTHING;
        }

        private @Nullable Duration reconcile(ObjectKey key) {
            PodDisruptionBudget budget = budgets.get(key.namespace(), key.name());
            if (budget == null) {
                return null;
            }
            Selector selector = selector(budget);
            List<Pod> selected = pods.list(key.namespace()).stream()
                    .filter(pod -> selector.matches(pod.metadata().labels()))
                    .toList();
            if (selected.isEmpty()) {
                scope.events().normal(budget, "NoPods", "No matching pods found");
            }
            Instant now = scope.now().truncatedTo(ChronoUnit.SECONDS);
            PodDisruptionBudgetStatus status;
            try {
                status = BudgetPlan.of(budget, selected, scale(budget, selected), now);
            } catch (ApiException | IllegalArgumentException e) {
                String message = String.valueOf(e.getMessage());
                scope.events()
                        .warning(
                                budget,
                                "CalculateExpectedPodCountFailed",
                                "Failed to calculate the number of expected pods: " + message);
                status = budget.status().toBuilder()
                        .disruptionsAllowed(0)
                        .conditions(BudgetPlan.conditions(budget, "False", "SyncFailed", message, now))
                        .build();
            }
            if (!status.equals(budget.status())) {
                scope.resource(PodDisruptionBudget.RESOURCE)
                        .updateStatus(budget.toBuilder().status(status).build());
            }
            return BudgetPlan.again(status, now);
        }

        /** How many pods the controllers of the selected pods want; asked only where the budget needs it. */
        private int scale(PodDisruptionBudget budget, List<Pod> selected) {
            boolean percent = budget.spec().minAvailable() != null
                    && budget.spec().minAvailable().isString();
            if (!budget.spec().hasMaxUnavailable() && !percent) {
                return selected.size();
            }
            Map<String, Integer> byController = new HashMap<>();
            List<String> without = new ArrayList<>();
            for (Pod pod : selected) {
                OwnerReference owner = Owners.controllerOf(pod.metadata());
                if (owner == null) {
                    without.add(pod.metadata().name());
                } else if (!byController.containsKey(owner.uid())) {
                    scaleOf(pod.metadata().namespace(), owner, byController);
                }
            }
            if (!without.isEmpty()) {
                throw new IllegalArgumentException("found no controllers for pod \"" + without.getFirst() + "\"");
            }
            return byController.values().stream().mapToInt(Integer::intValue).sum();
        }

        private void scaleOf(String namespace, OwnerReference owner, Map<String, Integer> byController) {
            switch (owner.kind()) {
                case "ReplicaSet" -> {
                    ReplicaSet set = replicaSets.get(namespace, owner.name());
                    OwnerReference above = set == null ? null : Owners.controllerOf(set.metadata());
                    Deployment deployment = above == null ? null : deployments.get(namespace, above.name());
                    byController.put(
                            owner.uid(),
                            deployment != null || set == null ? 0 : set.spec().replicas());
                    if (deployment != null) {
                        byController.put(
                                deployment.metadata().uid(), deployment.spec().replicas());
                    }
                }
                case "StatefulSet" -> {
                    StatefulSet set = statefulSets.get(namespace, owner.name());
                    byController.put(owner.uid(), set == null ? 0 : set.spec().replicas());
                }
                case "ReplicationController" -> {
                    ReplicationController controller = controllers.get(namespace, owner.name());
                    byController.put(
                            owner.uid(),
                            controller == null ? 0 : controller.spec().replicas());
                }
                default -> byController.put(owner.uid(), customScale(namespace, owner));
            }
        }

        private int customScale(String namespace, OwnerReference owner) {
            Optional<Discovery.Resource> resource = scope.client().discovery().find(owner.apiVersion(), owner.kind());
            if (resource.isEmpty()) {
                throw new IllegalArgumentException(owner.kind() + " is not served");
            }
            Discovery.Resource found = resource.get();
            Optional<ObjectNode> scale = scope.client()
                    .generic(found.group(), found.version(), found.plural())
                    .findSubresource(namespace, owner.name(), "scale");
            if (scale.isEmpty()) {
                throw new IllegalArgumentException(found.plural() + " does not implement the scale subresource");
            }
            return scale.get().path("spec").path("replicas").asInt();
        }
    }
}
