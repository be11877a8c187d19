package dev.kite.scheduler;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a pass over all nodes came to. Pure. */
sealed interface Verdict {
    /**
     * A node was found.
     *
     * @param node its name
     */
    record Chosen(String node) implements Verdict {}

    /**
     * None was.
     *
     * @param nodes how many there are
     * @param problem what keeps the pod from all nodes, empty where it depends on the node
     * @param rejections why not, by node name
     */
    record Rejected(int nodes, String problem, Map<String, Filter.Rejection> rejections) implements Verdict {
        /** @return the explanation in upstream's form */
        String message() {
            if (nodes == 0) {
                return "no nodes available to schedule pods";
            }
            String head = "0/" + nodes + " nodes are available: ";
            if (!problem.isEmpty()) {
                return head + problem + ".";
            }
            return head + String.join(", ", histogram(rejections)) + ".";
        }
    }

    /**
     * Counts reasons.
     *
     * @param rejections the reasons by node
     * @return each reason with its count before it, sorted as text
     */
    static List<String> histogram(Map<String, Filter.Rejection> rejections) {
        Map<String, Integer> counts = new TreeMap<>();
        rejections
                .values()
                .forEach(rejection -> rejection.reasons().forEach(reason -> counts.merge(reason, 1, Integer::sum)));
        List<String> lines = new ArrayList<>();
        counts.forEach((reason, count) -> lines.add(count + " " + reason));
        Collections.sort(lines);
        return lines;
    }

    /**
     * Decides.
     *
     * @param cycle the pod over all nodes
     * @param nominated finds the pods that wait for room on a node and come first
     * @return the node with the highest score, or why there is none
     */
    static Verdict decide(Cycle cycle, Function<String, List<PodInfo>> nominated) {
        if (!cycle.volumes().problem().isEmpty()) {
            return new Rejected(cycle.nodes().size(), cycle.volumes().problem(), Map.of());
        }
        Map<String, Filter.Rejection> rejections = new LinkedHashMap<>();
        List<NodeInfo> feasible = new ArrayList<>();
        for (NodeInfo node : cycle.nodes()) {
            Filter.Rejection rejection = filter(cycle, node, nominated.apply(node.name()));
            if (rejection == null) {
                feasible.add(node);
            } else {
                rejections.put(node.name(), rejection);
            }
        }
        if (feasible.isEmpty()) {
            return new Rejected(cycle.nodes().size(), "", rejections);
        }
        if (feasible.size() == 1) {
            return new Chosen(feasible.getFirst().name());
        }
        Map<String, Double> scores = new HashMap<>(Scores.of(cycle, feasible));
        // Among equals the pod's own name decides, so that many pods do not all start on the first node.
        String uid = cycle.pod().uid();
        return new Chosen(feasible.stream()
                .map(NodeInfo::name)
                .max(Comparator.comparingDouble((String name) -> scores.getOrDefault(name, 0.0))
                        .thenComparingInt(name -> (name + uid).hashCode()))
                .orElseThrow());
    }

    private static Filter.@Nullable Rejection filter(Cycle cycle, NodeInfo node, List<PodInfo> before) {
        if (!before.isEmpty()) {
            NodeInfo fuller = node.copy();
            before.forEach(fuller::add);
            Filter.Rejection rejection = Filters.first(cycle, fuller);
            if (rejection != null) {
                return rejection;
            }
        }
        // Also without them: the pod may need to be near one that has no node yet.
        return Filters.first(cycle, node);
    }
}
