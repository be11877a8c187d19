package dev.kite.scheduler;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One pod's pass over all nodes, with what filters and scores compute once for it. One thread.
 */
final class Cycle {
    private final Profile profile;
    private final PodInfo pod;
    private final List<NodeInfo> nodes;
    private final Function<String, Map<String, String>> namespaceLabels;
    private final VolumeNeeds volumes;
    private final Neighbours neighbours;
    private final Spreading spreading;

    /**
     * Computes.
     *
     * @param profile how it is scheduled
     * @param pod the pod
     * @param nodes all nodes
     * @param namespaceLabels finds a namespace's labels
     * @param volumes the pod's volumes
     */
    Cycle(
            Profile profile,
            PodInfo pod,
            List<NodeInfo> nodes,
            Function<String, Map<String, String>> namespaceLabels,
            VolumeNeeds volumes) {
        this.profile = profile;
        this.pod = pod;
        this.nodes = nodes;
        this.namespaceLabels = namespaceLabels;
        this.volumes = volumes;
        this.neighbours = Neighbours.of(pod, nodes, namespaceLabels);
        this.spreading = Spreading.of(pod, nodes, profile.spread());
    }

    /** The same pod over nodes of which one is changed, as preemption tries it. */
    Cycle over(List<NodeInfo> changed) {
        return new Cycle(profile, pod, changed, namespaceLabels, volumes);
    }

    Profile profile() {
        return profile;
    }

    PodInfo pod() {
        return pod;
    }

    List<NodeInfo> nodes() {
        return nodes;
    }

    Function<String, Map<String, String>> namespaceLabels() {
        return namespaceLabels;
    }

    VolumeNeeds volumes() {
        return volumes;
    }

    Neighbours neighbours() {
        return neighbours;
    }

    Spreading spreading() {
        return spreading;
    }
}
