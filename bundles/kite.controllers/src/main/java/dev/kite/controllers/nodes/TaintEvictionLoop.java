package dev.kite.controllers.nodes;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.DeleteRequest;
import dev.kite.api.client.Informer;
import dev.kite.api.client.ObjectKey;
import dev.kite.api.client.Patch;
import dev.kite.api.client.ResourceClient;
import dev.kite.api.controller.WorkQueue;
import dev.kite.api.scheduling.NodeRules;
import dev.kite.controllers.base.Loop;
import dev.kite.controllers.base.Owners;
import dev.kite.controllers.base.Pods;
import dev.kite.controllers.base.Scope;
import dev.kite.model.core.v1.Node;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.PodCondition;
import dev.kite.model.core.v1.Taint;
import dev.kite.model.core.v1.Toleration;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Deletes pods that do not tolerate their node's NoExecute taints, or no longer do. */
public final class TaintEvictionLoop implements Loop {
    private static final int WORKERS = 2;

    /** Makes the loop. */
    public TaintEvictionLoop() {}

    /** As upstream, it acts with the node controller's rights. */
    @Override
    public String name() {
        return "node-controller";
    }

    @Override
    public void start(Scope scope) {
        Informer<Node> nodes = scope.informer(Node.RESOURCE);
        Informer<Pod> pods = scope.informer(Pod.RESOURCE);
        NodeLifecycleLoop.index(pods);
        WorkQueue<ObjectKey> queue = scope.queue("eviction");
        nodes.onChange((before, after) -> {
            if (after != null && !executing(after).equals(before == null ? List.of() : executing(before))) {
                pods.byIndex(NodeLifecycleLoop.BY_NODE, after.metadata().name())
                        .forEach(pod -> queue.add(Owners.key(pod)));
            }
        });
        pods.onChange((before, after) -> {
            if (after == null || after.spec().nodeName().isEmpty()) {
                return;
            }
            if (before == null
                    || before.spec().nodeName().isEmpty()
                    || !before.spec().tolerations().equals(after.spec().tolerations())) {
                queue.add(Owners.key(after));
            }
        });
        scope.run(WORKERS, queue, key -> {
            Pod pod = pods.get(key.namespace(), key.name());
            Node node = pod == null ? null : nodes.get("", pod.spec().nodeName());
            return pod == null || node == null || Pods.isTerminating(pod) ? null : judge(scope, pod, node);
        });
    }

    private static List<Taint> executing(Node node) {
        return node.spec().taints().stream()
                .filter(taint -> taint.effect().equals("NoExecute"))
                .toList();
    }

    private static @Nullable Duration judge(Scope scope, Pod pod, Node node) {
        Instant deadline = deadline(pod.spec().tolerations(), executing(node), scope.now());
        if (deadline == null) {
            return null;
        }
        Duration left = Duration.between(scope.now(), deadline);
        if (!left.isNegative() && !left.isZero()) {
            return left;
        }
        evict(scope, pod);
        return null;
    }

    /**
     * Computes when a pod must go.
     *
     * @param tolerations the pod's tolerations
     * @param taints the node's NoExecute taints
     * @param now the time
     * @return when, or null for never
     */
    static @Nullable Instant deadline(List<Toleration> tolerations, List<Taint> taints, Instant now) {
        Instant earliest = null;
        for (Taint taint : taints) {
            List<Toleration> matching = tolerations.stream()
                    .filter(toleration -> NodeRules.tolerates(toleration, taint))
                    .toList();
            if (matching.isEmpty()) {
                return now;
            }
            for (Toleration toleration : matching) {
                if (toleration.hasTolerationSeconds()) {
                    Instant since = taint.timeAdded() == null ? now : taint.timeAdded();
                    Instant until = since.plusSeconds(Math.max(0, toleration.tolerationSeconds()));
                    earliest = earliest == null || until.isBefore(earliest) ? until : earliest;
                }
            }
        }
        return earliest;
    }

    private static void evict(Scope scope, Pod pod) {
        ResourceClient<Pod> client = scope.resource(Pod.RESOURCE);
        scope.events().normal(pod, "TaintManagerEviction", "Marking for deletion Pod " + pod.key());
        try {
            client.patch(
                    pod.metadata().namespace(),
                    pod.metadata().name(),
                    disruption(
                            pod,
                            "DeletionByTaintManager",
                            "Taint manager: deleting due to NoExecute taint",
                            "",
                            scope.now().truncatedTo(ChronoUnit.SECONDS)),
                    "status");
            client.delete(
                    pod.metadata().namespace(),
                    pod.metadata().name(),
                    DeleteRequest.DEFAULT.only(pod.metadata().uid()));
        } catch (ApiException e) {
            if (!e.notFound()) {
                throw e;
            }
        }
    }

    /**
     * Notes in a pod's status why it is deleted.
     *
     * @param pod the pod
     * @param reason the reason of its DisruptionTarget condition
     * @param message the message
     * @param phase its phase from now on, empty to leave it
     * @param now the time
     * @return the patch of its status
     */
    static Patch disruption(Pod pod, String reason, String message, String phase, Instant now) {
        PodCondition condition = PodCondition.builder()
                .type("DisruptionTarget")
                .status("True")
                .reason(reason)
                .message(message)
                .lastTransitionTime(now)
                .build();
        String phaseField = phase.isEmpty() ? "" : ",\"phase\":\"" + phase + "\"";
        return new Patch.StrategicMerge("{\"metadata\":{\"uid\":\""
                + pod.metadata().uid() + "\"},\"status\":{\"conditions\":[" + condition + "]" + phaseField + "}}");
    }
}
