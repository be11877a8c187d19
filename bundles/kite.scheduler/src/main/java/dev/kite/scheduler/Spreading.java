package dev.kite.scheduler;

import dev.kite.api.scheduling.NodeRules;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.TopologySpreadConstraint;
import dev.kite.model.selector.LabelSelectors;
import dev.kite.model.selector.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How pods like one are spread over topology domains. Pure. */
final class Spreading {
    /** One constraint with the pods that it counts in each domain. */
    private record Counted(
            String key, int maxSkew, int minDomains, boolean hard, boolean selfMatch, Map<String, Integer> counts) {
        int least() {
            if (counts.size() < minDomains) {
                return 0;
            }
            return counts.values().stream().mapToInt(Integer::intValue).min().orElse(0);
        }
    }

    private final List<Counted> constraints;

    private Spreading(List<Counted> constraints) {
        this.constraints = constraints;
    }

    static Spreading of(PodInfo info, List<NodeInfo> nodes, List<SpreadRule> defaults) {
        Pod pod = info.pod();
        List<Counted> counted = new ArrayList<>();
        for (TopologySpreadConstraint constraint : pod.spec().topologySpreadConstraints()) {
            Selector selector = LabelSelectors.of(
                    Term.withOwnLabels(pod, constraint.labelSelector(), constraint.matchLabelKeys(), List.of()));
            boolean hard = !constraint.whenUnsatisfiable().equals("ScheduleAnyway");
            counted.add(new Counted(
                    constraint.topologyKey(),
                    constraint.maxSkew(),
                    constraint.hasMinDomains() ? constraint.minDomains() : 1,
                    hard,
                    selector.matches(pod.metadata().labels()),
                    count(pod, constraint, selector, nodes)));
        }
        if (counted.isEmpty()) {
            siblings(pod, nodes, defaults, counted);
        }
        return new Spreading(counted);
    }

    private static Map<String, Integer> count(
            Pod pod, TopologySpreadConstraint constraint, Selector selector, List<NodeInfo> nodes) {
        Map<String, Integer> counts = new HashMap<>();
        for (NodeInfo node : nodes) {
            String value = node.labels().get(constraint.topologyKey());
            if (value == null || !eligible(pod, constraint, node)) {
                continue;
            }
            int matching = 0;
            for (PodInfo other : node.pods()) {
                if (other.pod().metadata().namespace().equals(pod.metadata().namespace())
                        && !other.pod().metadata().hasDeletionTimestamp()
                        && selector.matches(other.pod().metadata().labels())) {
                    matching++;
                }
            }
            counts.merge(value, matching, Integer::sum);
        }
        return counts;
    }

    private static boolean eligible(Pod pod, TopologySpreadConstraint constraint, NodeInfo node) {
        boolean honorAffinity = !constraint.nodeAffinityPolicy().equals("Ignore");
        boolean honorTaints = constraint.nodeTaintsPolicy().equals("Honor");
        if (honorAffinity && !NodeRules.selects(pod.spec(), node.node())) {
            return false;
        }
        return !honorTaints
                || NodeRules.untolerated(
                                pod.spec().tolerations(), node.node().spec().taints(), NodeRules::keepsAway)
                        == null;
    }

    /** Pods of one controller are spread by the defaults where they ask for nothing else. */
    private static void siblings(Pod pod, List<NodeInfo> nodes, List<SpreadRule> defaults, List<Counted> counted) {
        String owner = controller(pod);
        if (owner.isEmpty()) {
            return;
        }
        for (SpreadRule rule : defaults) {
            Map<String, Integer> counts = new HashMap<>();
            for (NodeInfo node : nodes) {
                String value = node.labels().get(rule.key());
                if (value != null) {
                    int same = (int) node.pods().stream()
                            .filter(other -> controller(other.pod()).equals(owner)
                                    && !other.pod().metadata().hasDeletionTimestamp())
                            .count();
                    counts.merge(value, same, Integer::sum);
                }
            }
            counted.add(new Counted(rule.key(), rule.maxSkew(), 1, rule.hard(), true, counts));
        }
    }

    private static String controller(Pod pod) {
        return pod.metadata().ownerReferences().stream()
                .filter(reference -> reference.controller())
                .map(reference -> reference.uid())
                .findFirst()
                .orElse("");
    }

    Filter.@Nullable Rejection filter(NodeInfo node) {
        for (Counted constraint : constraints) {
            if (!constraint.hard()) {
                continue;
            }
            String value = node.labels().get(constraint.key());
            if (value == null) {
                return Filter.Rejection.forGood(
                        "node(s) didn't match pod topology spread constraints (missing required label)");
            }
            int here = constraint.counts().getOrDefault(value, 0) + (constraint.selfMatch() ? 1 : 0);
            if (here - constraint.least() > constraint.maxSkew()) {
                return Filter.Rejection.of("node(s) didn't match pod topology spread constraints");
            }
        }
        return null;
    }

    /**
     * Counts those like the pod near a node.
     *
     * @param node the node
     * @return the weighted count of the constraints that only prefer; less is better
     */
    double crowding(NodeInfo node) {
        double crowding = 0;
        for (Counted constraint : constraints) {
            String value = node.labels().get(constraint.key());
            if (!constraint.hard() && value != null) {
                // Many small domains count more than few large ones, as upstream weighs them.
                double weight = Math.log(constraint.counts().size() + 2.0);
                crowding += constraint.counts().getOrDefault(value, 0) * weight + constraint.maxSkew() - 1;
            }
        }
        return crowding;
    }
}
