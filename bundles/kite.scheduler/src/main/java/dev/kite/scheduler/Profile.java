package dev.kite.scheduler;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How pods of one {@code schedulerName} are scheduled. Immutable.
 *
 * @param name the scheduler's name in pods
 * @param filters the plugins that say where a pod may run, by upstream's names
 * @param weights the plugins that compare nodes, with their weights
 * @param others the plugins of neither kind that are on: preemption, gates
 * @param fit how {@code NodeResourcesFit} compares nodes
 * @param spread how pods are spread that ask for nothing themselves
 */
record Profile(
        String name,
        Set<String> filters,
        Map<String, Integer> weights,
        Set<String> others,
        FitRule fit,
        List<SpreadRule> spread) {
    /** What pods without a scheduler's name ask for. */
    static final String DEFAULT_NAME = "default-scheduler";

    /** Upstream's plugins that are on by default, in their order, with the weights of those that compare nodes, else 0. */
    static final Map<String, Integer> PLUGINS = plugins();

    static final Set<String> FILTERS = Set.of(
            "NodeUnschedulable",
            "NodeName",
            "TaintToleration",
            "NodeAffinity",
            "NodePorts",
            "NodeResourcesFit",
            "VolumeRestrictions",
            "NodeVolumeLimits",
            "VolumeBinding",
            "VolumeZone",
            "PodTopologySpread",
            "InterPodAffinity");

    static final Set<String> OTHERS = Set.of("SchedulingGates", "PrioritySort", "DefaultPreemption", "DefaultBinder");

    /** What a scheduler without a configuration does. */
    static final Profile DEFAULT =
            new Profile(DEFAULT_NAME, FILTERS, scoring(), OTHERS, FitRule.DEFAULT, SpreadRule.DEFAULTS);

    Profile {
        filters = Set.copyOf(filters);
        weights = Map.copyOf(weights);
        others = Set.copyOf(others);
        spread = List.copyOf(spread);
    }

    /** The weight with which a plugin counts, 0 where it is off. */
    int weight(String plugin) {
        return weights.getOrDefault(plugin, 0);
    }

    boolean preempts() {
        return others.contains("DefaultPreemption");
    }

    boolean gates() {
        return others.contains("SchedulingGates");
    }

    private static Map<String, Integer> plugins() {
        Map<String, Integer> plugins = new LinkedHashMap<>();
        for (String one : List.of(
                "SchedulingGates=0 PrioritySort=0 NodeUnschedulable=0 NodeName=0 TaintToleration=3 NodeAffinity=2",
                "NodePorts=0 NodeResourcesFit=1 VolumeRestrictions=0 NodeVolumeLimits=0 VolumeBinding=0 VolumeZone=0",
                "PodTopologySpread=2 InterPodAffinity=2 DefaultPreemption=0 NodeResourcesBalancedAllocation=1",
                "ImageLocality=1 DefaultBinder=0")) {
            for (String plugin : one.split(" ")) {
                int equals = plugin.indexOf('=');
                plugins.put(plugin.substring(0, equals), Integer.valueOf(plugin.substring(equals + 1)));
            }
        }
        return java.util.Collections.unmodifiableMap(plugins);
    }

    private static Map<String, Integer> scoring() {
        Map<String, Integer> scoring = new LinkedHashMap<>(PLUGINS);
        scoring.values().removeIf(weight -> weight == 0);
        return scoring;
    }
}
