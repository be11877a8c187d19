package dev.kite.controllers.nodes;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.Informer;
import dev.kite.api.client.ListOptions;
import dev.kite.api.client.ObjectKey;
import dev.kite.api.client.ResourceClient;
import dev.kite.api.controller.WorkQueue;
import dev.kite.controllers.base.Loop;
import dev.kite.controllers.base.Pods;
import dev.kite.controllers.base.Scope;
import dev.kite.model.coordination.v1.Lease;
import dev.kite.model.core.v1.Node;
import dev.kite.model.core.v1.NodeCondition;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.PodCondition;
import dev.kite.model.core.v1.Taint;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Notices nodes that fall silent, and keeps nodes' taints by their conditions. */
public final class NodeLifecycleLoop implements Loop {

    /** The index of pods by node. */
    static final String BY_NODE = "node";

    /** Upstream's node-monitor-grace-period: five missed lease renewals of ten seconds. */
    private static final Duration GRACE = Duration.ofSeconds(50);

    /** Upstream's node-startup-grace-period, of a node that has not yet said how it is. */
    private static final Duration STARTUP_GRACE = Duration.ofSeconds(60);

    /** Makes the loop. */
    public NodeLifecycleLoop() {}

    @Override
    public String name() {
        return "node-controller";
    }

    @Override
    public void start(Scope scope) {
        new Running(scope).start();
    }

    static void index(Informer<Pod> pods) {
        pods.index(BY_NODE, pod -> List.of(pod.spec().nodeName()));
    }

    private static final class Running {
        private final Scope scope;
        private final Duration running;
        private final Duration starting;
        private final Informer<Node> nodes;
        private final Informer<Lease> leases;
        private final Informer<Pod> pods;
        private final WorkQueue<ObjectKey> queue;
        /** When each node was last heard of, by this process's monotonic clock: nodes' clocks may be wrong. */
        private final Map<String, Long> heard = new ConcurrentHashMap<>();

        Running(Scope scope) {
            this.scope = scope;
            this.running = scope.arguments().duration("node-monitor-grace-period", GRACE);
            this.starting = scope.arguments().duration("node-startup-grace-period", STARTUP_GRACE);
            this.nodes = scope.informer(Node.RESOURCE);
            this.leases = scope.informer(Lease.RESOURCE, "kube-node-lease", ListOptions.ALL);
            this.pods = scope.informer(Pod.RESOURCE);
            this.queue = scope.queue("lifecycle");
        }

        void start() {
            index(pods);
            leases.onChange((before, after) -> {
                if (after != null) {
                    heard.put(after.metadata().name(), System.nanoTime());
                }
            });
            nodes.onChange(this::nodeChanged);
            scope.run(scope.workers("concurrent-node-status-updates", 2), queue, this::reconcile);
        }

        private void nodeChanged(@Nullable Node before, @Nullable Node after) {
            if (after == null) {
                if (before != null) {
                    heard.remove(before.metadata().name());
                    scope.events()
                            .normal(
                                    before,
                                    "RemovingNode",
                                    "Node " + before.metadata().name()
                                            + " event: Removing Node "
                                            + before.metadata().name()
                                            + " from Controller");
                }
                return;
            }
            String name = after.metadata().name();
            if (before == null) {
                heard.put(name, System.nanoTime());
                scope.events()
                        .normal(
                                after,
                                "RegisteredNode",
                                "Node " + name + " event: Registered Node " + name + " in Controller");
            } else if (!heartbeat(before).equals(heartbeat(after))) {
                heard.put(name, System.nanoTime());
            }
            queue.add(new ObjectKey("", name));
        }

        private static Instant heartbeat(Node node) {
            return node.status().conditions().stream()
                    .filter(condition -> condition.type().equals("Ready"))
                    .map(NodeCondition::lastHeartbeatTime)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(Instant.EPOCH);
        }

        private @Nullable Duration reconcile(ObjectKey key) {
            Node node = nodes.get("", key.name());
            if (node == null) {
                return null;
            }
            Long last = heard.get(key.name());
            Duration silence = Duration.ofNanos(System.nanoTime() - (last == null ? System.nanoTime() : last));
            Duration grace = NodeHealth.unheard(node) ? starting : running;
            Instant now = scope.now().truncatedTo(ChronoUnit.SECONDS);
            if (silence.compareTo(grace) >= 0) {
                node = noteSilence(node, now);
            }
            taint(node, now);
            if (!NodeHealth.ready(node).equals("True")) {
                markPods(node, now);
            }
            Duration left = grace.minus(silence);
            return left.isNegative() || left.isZero() ? grace : left.plusMillis(100);
        }

        private Node noteSilence(Node node, Instant now) {
            List<NodeCondition> conditions = NodeHealth.silent(node, now);
            if (conditions.equals(node.status().conditions())) {
                return node;
            }
            boolean wasReady = NodeHealth.ready(node).equals("True");
            Node changed = scope.resource(Node.RESOURCE)
                    .updateStatus(node.toBuilder()
                            .status(status -> status.conditions(conditions))
                            .build());
            if (wasReady) {
                String name = node.metadata().name();
                scope.events().normal(node, "NodeNotReady", "Node " + name + " status is now: NodeNotReady");
            }
            return changed;
        }

        private void taint(Node node, Instant now) {
            List<Taint> taints = NodeHealth.taints(node, now);
            if (!taints.equals(node.spec().taints())) {
                scope.resource(Node.RESOURCE)
                        .update(node.toBuilder()
                                .spec(spec -> spec.taints(taints.isEmpty() ? null : taints))
                                .build());
            }
        }

        /** Pods of a node that is not ready answer no more: endpoints must know. */
        private void markPods(Node node, Instant now) {
            ResourceClient<Pod> client = scope.resource(Pod.RESOURCE);
            for (Pod pod : pods.byIndex(BY_NODE, node.metadata().name())) {
                if (!Pods.isReady(pod)) {
                    continue;
                }
                List<PodCondition> conditions = pod.status().conditions().stream()
                        .map(condition -> condition.type().equals("Ready")
                                ? condition.toBuilder()
                                        .status("False")
                                        .lastTransitionTime(now)
                                        .build()
                                : condition)
                        .toList();
                try {
                    client.updateStatus(pod.toBuilder()
                            .status(status -> status.conditions(conditions))
                            .build());
                    scope.events().warning(pod, "NodeNotReady", "Node is not ready");
                } catch (ApiException e) {
                    if (!e.notFound()) {
                        throw e;
                    }
                }
            }
        }
    }
}
