package dev.kite.controllers.replicas;

import dev.kite.controllers.base.Pods;
import dev.kite.model.core.v1.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which pods to delete first, by upstream's order: not assigned to a node, pending before unknown before running, not ready, a lower deletion cost, more pods of the same
 * owner on the node, ready for a shorter time, more restarts, younger. Times count by powers of two, so that small differences do not decide.
 */
final class DeletionRanking {
    /** The annotation whose number says how costly the deletion of a pod is. */
    static final String COST = "controller.kubernetes.io/pod-deletion-cost";

    private static final List<String> PHASES = List.of("Pending", "Unknown", "Running");

    private DeletionRanking() {}

    /**
     * Orders pods.
     *
     * @param podsOnNode how many pods of the same owner run on each node
     * @param now the time
     * @return the order, those to delete first come first
     */
    static Comparator<Pod> order(Map<String, Integer> podsOnNode, Instant now) {
        return Comparator.comparing((Pod pod) -> !pod.spec().nodeName().isEmpty())
                .thenComparingInt(pod -> PHASES.indexOf(pod.status().phase()))
                .thenComparing(Pods::isReady)
                .thenComparingInt(DeletionRanking::cost)
                .thenComparingInt(pod -> -podsOnNode.getOrDefault(pod.spec().nodeName(), 0))
                .thenComparingInt(pod -> Pods.isReady(pod) ? magnitude(Pods.readySince(pod), now) : 0)
                .thenComparingInt(pod -> -Pods.restarts(pod))
                .thenComparingInt(pod -> magnitude(pod.metadata().creationTimestamp(), now))
                .thenComparing(pod -> pod.metadata().uid());
    }

    /** An unreadable cost counts as 0; the API server refuses those anyway. */
    private static int cost(Pod pod) {
        String text = pod.metadata().annotations().getOrDefault(COST, "0");
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static int magnitude(@Nullable Instant since, Instant now) {
        if (since == null) {
            return 0;
        }
        long seconds = Duration.between(since, now).toSeconds();
        return seconds <= 0 ? 0 : 64 - Long.numberOfLeadingZeros(seconds);
    }
}
