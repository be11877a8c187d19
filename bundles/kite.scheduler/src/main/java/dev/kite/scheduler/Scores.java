package dev.kite.scheduler;

import dev.kite.api.scheduling.NodeRules;
import dev.kite.model.core.v1.ContainerImage;
import dev.kite.model.core.v1.PodSpec;
import dev.kite.model.core.v1.PreferredSchedulingTerm;
import dev.kite.model.core.v1.Taint;
import dev.kite.model.core.v1.WeightedPodAffinityTerm;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** Compares the nodes on which a pod may run: each score from 0 to 100, weighed as the profile says. Pure. */
final class Scores {
    private static final double BEST = 100;
    private static final long SMALL_IMAGE = 23L << 20;
    private static final long LARGE_IMAGE = 1000L << 20;

    private Scores() {}

    /**
     * Scores.
     *
     * @param cycle the pod
     * @param feasible the nodes that passed all filters
     * @return each node's score by name
     */
    static Map<String, Double> of(Cycle cycle, List<NodeInfo> feasible) {
        Profile profile = cycle.profile();
        Map<String, Double> totals = new HashMap<>();
        add(totals, feasible, profile.weight("TaintToleration"), true, node -> intolerable(cycle, node));
        add(
                totals,
                feasible,
                profile.weight("NodeAffinity"),
                false,
                node -> preference(cycle.pod().pod().spec(), node));
        add(
                totals,
                feasible,
                profile.weight("PodTopologySpread"),
                true,
                node -> cycle.spreading().crowding(node));
        Map<String, Double> near = affinity(cycle);
        addSpread(totals, feasible, profile.weight("InterPodAffinity"), node -> near.getOrDefault(node.name(), 0.0));
        for (NodeInfo node : feasible) {
            double own = profile.weight("NodeResourcesFit") * profile.fit().score(cycle.pod(), node)
                    + profile.weight("NodeResourcesBalancedAllocation") * balanced(cycle.pod(), node)
                    + profile.weight("ImageLocality") * images(cycle.pod().pod().spec(), node, cycle.nodes());
            totals.merge(node.name(), own, Double::sum);
        }
        return totals;
    }

    /** Scales a figure so that the highest comes to 100, or to 0 where less is better. */
    private static void add(
            Map<String, Double> totals,
            List<NodeInfo> nodes,
            int weight,
            boolean lessIsBetter,
            ToDoubleFunction<NodeInfo> figure) {
        Map<String, Double> figures = new HashMap<>();
        nodes.forEach(node -> figures.put(node.name(), figure.applyAsDouble(node)));
        double highest =
                figures.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
        figures.forEach((name, value) -> {
            double scaled = highest == 0 ? 0 : value * BEST / highest;
            totals.merge(name, weight * (lessIsBetter ? BEST - scaled : scaled), Double::sum);
        });
    }

    /** Scales a figure that may be negative from its lowest to its highest. */
    private static void addSpread(
            Map<String, Double> totals, List<NodeInfo> nodes, int weight, ToDoubleFunction<NodeInfo> figure) {
        double highest = nodes.stream().mapToDouble(figure).max().orElse(0);
        double lowest = nodes.stream().mapToDouble(figure).min().orElse(0);
        if (highest == lowest) {
            return;
        }
        nodes.forEach(node -> totals.merge(
                node.name(), weight * BEST * (figure.applyAsDouble(node) - lowest) / (highest - lowest), Double::sum));
    }

    private static double intolerable(Cycle cycle, NodeInfo node) {
        int count = 0;
        for (Taint taint : node.node().spec().taints()) {
            if (taint.effect().equals("PreferNoSchedule")
                    && cycle.pod().pod().spec().tolerations().stream()
                            .noneMatch(toleration -> NodeRules.tolerates(toleration, taint))) {
                count++;
            }
        }
        return count;
    }

    private static double preference(PodSpec spec, NodeInfo node) {
        double sum = 0;
        for (PreferredSchedulingTerm term :
                spec.affinity().nodeAffinity().preferredDuringSchedulingIgnoredDuringExecution()) {
            if (NodeRules.matches(term.preference(), node.node())) {
                sum += term.weight();
            }
        }
        return sum;
    }

    private static Map<String, Double> affinity(Cycle cycle) {
        List<WeightedPodAffinityTerm> near =
                cycle.pod().pod().spec().affinity().podAffinity().preferredDuringSchedulingIgnoredDuringExecution();
        List<WeightedPodAffinityTerm> far =
                cycle.pod().pod().spec().affinity().podAntiAffinity().preferredDuringSchedulingIgnoredDuringExecution();
        Map<String, Double> sums = new HashMap<>();
        near.forEach(term -> weigh(cycle, term, 1, sums));
        far.forEach(term -> weigh(cycle, term, -1, sums));
        return sums;
    }

    private static void weigh(Cycle cycle, WeightedPodAffinityTerm weighted, int sign, Map<String, Double> sums) {
        Term term = Term.of(cycle.pod().pod(), weighted.podAffinityTerm());
        Map<String, Integer> domains = new HashMap<>();
        for (NodeInfo node : cycle.nodes()) {
            String value = node.labels().get(term.topologyKey());
            if (value != null) {
                int matching = (int) node.pods().stream()
                        .filter(other -> term.matches(other.pod(), cycle.namespaceLabels()))
                        .count();
                domains.merge(value, matching, Integer::sum);
            }
        }
        for (NodeInfo node : cycle.nodes()) {
            String value = node.labels().get(term.topologyKey());
            if (value != null) {
                sums.merge(
                        node.name(), (double) sign * weighted.weight() * domains.getOrDefault(value, 0), Double::sum);
            }
        }
    }

    /** How equally cpu and memory would be used. */
    static double balanced(PodInfo pod, NodeInfo node) {
        double[] fractions = new double[2];
        int i = 0;
        for (String name : List.of(Requests.CPU, Requests.MEMORY)) {
            double allocatable = node.allocatable().get(name);
            double used = node.requested().get(name) + pod.requests().get(name);
            fractions[i++] = allocatable <= 0 ? 1 : Math.min(1, used / allocatable);
        }
        return (1 - Math.abs(fractions[0] - fractions[1]) / 2) * BEST;
    }

    /** How much of the pod's images the node has already; an image that all nodes have says less. */
    static double images(PodSpec spec, NodeInfo node, List<NodeInfo> all) {
        Map<String, Long> sizes = sizes(node);
        double sum = 0;
        int containers = spec.containers().size() + spec.initContainers().size();
        List<String> wanted = Stream.concat(spec.containers().stream(), spec.initContainers().stream())
                .map(container -> normalized(container.image()))
                .toList();
        for (String image : wanted) {
            Long size = sizes.get(image);
            if (size != null) {
                long having = all.stream()
                        .filter(other -> sizes(other).containsKey(image))
                        .count();
                sum += (double) size * having / all.size();
            }
        }
        double most = (double) LARGE_IMAGE * Math.max(1, containers);
        return BEST * (Math.clamp(sum, SMALL_IMAGE, most) - SMALL_IMAGE) / (most - SMALL_IMAGE);
    }

    private static Map<String, Long> sizes(NodeInfo node) {
        Map<String, Long> sizes = new HashMap<>();
        for (ContainerImage image : node.node().status().images()) {
            image.names().forEach(name -> sizes.put(name, image.sizeBytes()));
        }
        return sizes;
    }

    private static String normalized(String image) {
        return image.lastIndexOf(':') <= image.lastIndexOf('/') ? image + ":latest" : image;
    }
}
