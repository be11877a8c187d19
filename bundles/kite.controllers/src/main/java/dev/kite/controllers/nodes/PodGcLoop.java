package dev.kite.controllers.nodes;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.DeleteRequest;
import dev.kite.api.client.Informer;
import dev.kite.api.client.ResourceClient;
import dev.kite.controllers.base.Loop;
import dev.kite.controllers.base.Pods;
import dev.kite.controllers.base.Scope;
import dev.kite.model.core.v1.Node;
import dev.kite.model.core.v1.Pod;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Deletes pods that nobody will end: those of nodes that are gone, those that were deleted before they had a node, and ended ones when there are very many. */
public final class PodGcLoop implements Loop {
    private static final Duration EVERY = Duration.ofSeconds(20);

    /** A node that is missed for this long is gone. */
    private static final Duration QUARANTINE = Duration.ofSeconds(40);

    /** As many ended pods are kept, as kube-controller-manager's default. */
    private static final int KEPT = 12_500;

    private static final String OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

    private final Duration every;
    private final Duration quarantine;

    /** Makes the loop. */
    public PodGcLoop() {
        this(EVERY, QUARANTINE);
    }

    PodGcLoop(Duration every, Duration quarantine) {
        this.every = every;
        this.quarantine = quarantine;
    }

    @Override
    public String name() {
        return "pod-garbage-collector";
    }

    @Override
    public void start(Scope scope) {
        Informer<Node> nodes = scope.informer(Node.RESOURCE);
        Informer<Pod> pods = scope.informer(Pod.RESOURCE);
        Map<String, Instant> missed = new HashMap<>();
        long kept = scope.arguments().number("terminated-pod-gc-threshold", KEPT);
        scope.repeat(every, () -> {
            thin(scope, pods, kept);
            collect(scope, nodes, pods, missed);
        });
    }

    /** Removes the oldest of the ended pods beyond a number; upstream takes zero and less for any number. */
    private static void thin(Scope scope, Informer<Pod> pods, long kept) {
        List<Pod> ended = pods.list().stream().filter(Pods::isFinished).toList();
        if (kept > 0 && ended.size() > kept) {
            ended.stream()
                    .filter(pod -> !Pods.isTerminating(pod))
                    .sorted(Comparator.comparing(
                            (Pod pod) -> pod.metadata().creationTimestamp(),
                            Comparator.nullsFirst(Comparator.naturalOrder())))
                    .limit(ended.size() - kept)
                    .forEach(pod -> remove(scope, pod, ""));
        }
    }

    private void collect(Scope scope, Informer<Node> nodes, Informer<Pod> pods, Map<String, Instant> missed) {
        Instant now = scope.now();
        missed.keySet().removeIf(name -> nodes.get("", name) != null);
        for (Pod pod : pods.list()) {
            String node = pod.spec().nodeName();
            if (node.isEmpty()) {
                if (Pods.isTerminating(pod)) {
                    remove(scope, pod, "");
                }
            } else if (nodes.get("", node) == null) {
                Instant since = missed.computeIfAbsent(node, _ -> now);
                if (Duration.between(since, now).compareTo(quarantine) >= 0 && gone(scope, node)) {
                    remove(scope, pod, "PodGC: node no longer exists");
                }
            } else if (Pods.isTerminating(pod) && outOfService(nodes.get("", node))) {
                remove(scope, pod, "PodGC: node is out of service");
            }
        }
    }

    private static boolean outOfService(@Nullable Node node) {
        return node != null
                && !NodeHealth.ready(node).equals("True")
                && node.spec().taints().stream().anyMatch(taint -> taint.key().equals(OUT_OF_SERVICE));
    }

    private static boolean gone(Scope scope, String node) {
        return scope.resource(Node.RESOURCE).find("", node).isEmpty();
    }

    private static void remove(Scope scope, Pod pod, String why) {
        ResourceClient<Pod> client = scope.resource(Pod.RESOURCE);
        try {
            if (!why.isEmpty() && !Pods.isFinished(pod)) {
                client.patch(
                        pod.metadata().namespace(),
                        pod.metadata().name(),
                        TaintEvictionLoop.disruption(
                                pod,
                                "DeletionByPodGC",
                                why,
                                "Failed",
                                scope.now().truncatedTo(ChronoUnit.SECONDS)),
                        "status");
            }
            client.delete(
                    pod.metadata().namespace(),
                    pod.metadata().name(),
                    DeleteRequest.NOW.only(pod.metadata().uid()));
        } catch (ApiException e) {
            if (!e.notFound() && !e.conflict()) {
                throw e;
            }
        }
    }
}
