package dev.kite.controllers.nodes;

import dev.kite.model.core.v1.Node;
import dev.kite.model.core.v1.NodeCondition;
import dev.kite.model.core.v1.Taint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a node's conditions mean for its taints, and what silence means for its conditions. Pure. */
final class NodeHealth {
    private static final String PREFIX = "node.kubernetes.io/";
    static final String NOT_READY = PREFIX + "not-ready";
    static final String UNREACHABLE = PREFIX + "unreachable";
    private static final String UNSCHEDULABLE = PREFIX + "unschedulable";
    private static final String NO_SCHEDULE = "NoSchedule";
    private static final String NO_EXECUTE = "NoExecute";

    /** Taints of conditions that are bad when True. */
    private static final Map<String, String> PRESSURES = Map.of(
            "MemoryPressure", PREFIX + "memory-pressure",
            "DiskPressure", PREFIX + "disk-pressure",
            "PIDPressure", PREFIX + "pid-pressure",
            "NetworkUnavailable", PREFIX + "network-unavailable");

    /** The conditions that a kubelet reports, so that nobody knows them when it is silent. */
    private static final List<String> REPORTED = List.of("Ready", "MemoryPressure", "DiskPressure", "PIDPressure");

    private static final Set<String> OURS = Set.of(
            NOT_READY,
            UNREACHABLE,
            UNSCHEDULABLE,
            PREFIX + "memory-pressure",
            PREFIX + "disk-pressure",
            PREFIX + "pid-pressure",
            PREFIX + "network-unavailable");

    private NodeHealth() {}

    /** Whether a node has not yet said how it is. */
    static boolean unheard(Node node) {
        return node.status().conditions().stream()
                .noneMatch(condition -> condition.type().equals("Ready"));
    }

    static String ready(Node node) {
        return node.status().conditions().stream()
                .filter(condition -> condition.type().equals("Ready"))
                .map(NodeCondition::status)
                .findFirst()
                .orElse("Unknown");
    }

    /**
     * Computes the taints that a node should have: those of others as they are, ours by its conditions.
     *
     * @param node the node
     * @param now the time at which a new NoExecute taint begins
     * @return the taints
     */
    static List<Taint> taints(Node node, Instant now) {
        List<Taint> wanted = new ArrayList<>();
        String ready = ready(node);
        if (ready.equals("False")) {
            add(wanted, NOT_READY);
        } else if (ready.equals("Unknown")) {
            add(wanted, UNREACHABLE);
        }
        for (NodeCondition condition : node.status().conditions()) {
            String key = PRESSURES.get(condition.type());
            if (key != null && condition.status().equals("True")) {
                wanted.add(Taint.builder().key(key).effect(NO_SCHEDULE).build());
            }
        }
        if (node.spec().unschedulable()) {
            wanted.add(Taint.builder().key(UNSCHEDULABLE).effect(NO_SCHEDULE).build());
        }
        List<Taint> all = new ArrayList<>();
        for (Taint taint : node.spec().taints()) {
            boolean ours = OURS.contains(taint.key())
                    && (taint.effect().equals(NO_SCHEDULE)
                            || (taint.effect().equals(NO_EXECUTE)
                                    && (taint.key().equals(NOT_READY)
                                            || taint.key().equals(UNREACHABLE))));
            boolean kept = wanted.removeIf(
                    w -> w.key().equals(taint.key()) && w.effect().equals(taint.effect()));
            if (!ours || kept) {
                all.add(taint);
            }
        }
        for (Taint taint : wanted) {
            boolean timed = taint.effect().equals(NO_EXECUTE) || taint.key().equals(UNSCHEDULABLE);
            all.add(timed ? taint.toBuilder().timeAdded(now).build() : taint);
        }
        return all;
    }

    private static void add(List<Taint> taints, String key) {
        taints.add(Taint.builder().key(key).effect(NO_SCHEDULE).build());
        taints.add(Taint.builder().key(key).effect(NO_EXECUTE).build());
    }

    /**
     * Computes the conditions of a node whose kubelet is silent.
     *
     * @param node the node
     * @param now the time
     * @return its conditions, all that a kubelet reports Unknown
     */
    static List<NodeCondition> silent(Node node, Instant now) {
        List<NodeCondition> conditions = new ArrayList<>();
        List<String> missing = new ArrayList<>(REPORTED);
        for (NodeCondition condition : node.status().conditions()) {
            missing.remove(condition.type());
            boolean changes =
                    REPORTED.contains(condition.type()) && !condition.status().equals("Unknown");
            conditions.add(
                    changes
                            ? condition.toBuilder()
                                    .status("Unknown")
                                    .reason("NodeStatusUnknown")
                                    .message("Kubelet stopped posting node status.")
                                    .lastTransitionTime(now)
                                    .build()
                            : condition);
        }
        for (String type : missing) {
            conditions.add(NodeCondition.builder()
                    .type(type)
                    .status("Unknown")
                    .reason("NodeStatusNeverUpdated")
                    .message("Kubelet never posted node status.")
                    .lastHeartbeatTime(node.metadata().creationTimestamp())
                    .lastTransitionTime(now)
                    .build());
        }
        return conditions;
    }
}
