package dev.kite.scheduler;

import dev.kite.api.scheduling.NodeRules;
import dev.kite.model.core.v1.Taint;
import dev.kite.scheduler.PodInfo.HostPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All filters in the order in which they are asked; the first that rejects a node names the reason. */
final class Filters {
    private static final Taint UNSCHEDULABLE = Taint.builder()
            .key("node.kubernetes.io/unschedulable")
            .effect("NoSchedule")
            .build();

    /** A filter with upstream's name for it. */
    private record Named(String plugin, Filter filter) {}

    private static final List<Named> ALL = List.of(
            new Named("NodeUnschedulable", Filters::unschedulable),
            new Named("TaintToleration", Filters::taints),
            new Named("NodeAffinity", Filters::selectors),
            new Named("NodePorts", Filters::ports),
            new Named("NodeResourcesFit", Filters::fit),
            new Named("VolumeBinding", (cycle, node) -> cycle.volumes().filter(node.node())),
            new Named("PodTopologySpread", (cycle, node) -> cycle.spreading().filter(node)),
            new Named("InterPodAffinity", (cycle, node) -> cycle.neighbours().filter(node)));

    private Filters() {}

    static Filter.@Nullable Rejection first(Cycle cycle, NodeInfo node) {
        for (Named each : ALL) {
            if (!cycle.profile().filters().contains(each.plugin())) {
                continue;
            }
            Filter.Rejection rejection = each.filter().filter(cycle, node);
            if (rejection != null) {
                return rejection;
            }
        }
        return null;
    }

    private static Filter.@Nullable Rejection unschedulable(Cycle cycle, NodeInfo node) {
        boolean away = node.node().spec().unschedulable()
                && cycle.pod().pod().spec().tolerations().stream()
                        .noneMatch(toleration -> NodeRules.tolerates(toleration, UNSCHEDULABLE));
        return away ? Filter.Rejection.forGood("node(s) were unschedulable") : null;
    }

    private static Filter.@Nullable Rejection taints(Cycle cycle, NodeInfo node) {
        Taint taint = NodeRules.untolerated(
                cycle.pod().pod().spec().tolerations(), node.node().spec().taints(), NodeRules::keepsAway);
        return taint == null ? null : Filter.Rejection.forGood("node(s) had untolerated taint(s)");
    }

    private static Filter.@Nullable Rejection selectors(Cycle cycle, NodeInfo node) {
        return NodeRules.selects(cycle.pod().pod().spec(), node.node())
                ? null
                : Filter.Rejection.forGood("node(s) didn't match Pod's node affinity/selector");
    }

    private static Filter.@Nullable Rejection ports(Cycle cycle, NodeInfo node) {
        for (HostPort wanted : cycle.pod().ports()) {
            for (PodInfo other : node.pods()) {
                if (other.ports().stream().anyMatch(wanted::conflicts)) {
                    return Filter.Rejection.of("node(s) didn't have free ports for the requested pod ports");
                }
            }
        }
        return null;
    }

    private static Filter.@Nullable Rejection fit(Cycle cycle, NodeInfo node) {
        List<String> reasons = new ArrayList<>();
        boolean never = false;
        if (node.pods().size() + 1 > node.allocatable().get(Requests.PODS)) {
            reasons.add("Too many pods");
        }
        for (Map.Entry<String, Long> wanted : cycle.pod().requests().amounts().entrySet()) {
            long allocatable = node.allocatable().get(wanted.getKey());
            if (wanted.getValue() > 0
                    && !cycle.profile().fit().ignores(wanted.getKey())
                    && wanted.getValue() > allocatable - node.requested().get(wanted.getKey())) {
                reasons.add("Insufficient " + wanted.getKey());
                never |= wanted.getValue() > allocatable;
            }
        }
        return reasons.isEmpty() ? null : new Filter.Rejection(reasons, never);
    }
}
