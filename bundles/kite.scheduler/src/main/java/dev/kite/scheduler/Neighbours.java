package dev.kite.scheduler;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Required pod affinity and anti-affinity of one pod and of those that run already. Pure. */
final class Neighbours {
    /** A topology domain: a label and its value. */
    private record Domain(String key, String value) {}

    private final PodInfo pod;
    private final Map<Domain, Integer> wanted = new HashMap<>();
    private final Map<Domain, Integer> unwanted = new HashMap<>();
    private final Map<Domain, Integer> refused = new HashMap<>();
    private final boolean first;

    private Neighbours(PodInfo pod, boolean selfMatch, Map<Domain, Integer> found) {
        this.pod = pod;
        this.wanted.putAll(found);
        this.first = selfMatch && found.isEmpty();
    }

    static Neighbours of(PodInfo pod, List<NodeInfo> nodes, Function<String, Map<String, String>> namespaceLabels) {
        Map<Domain, Integer> wanted = new HashMap<>();
        for (NodeInfo node : nodes) {
            for (PodInfo other : pod.affinity().isEmpty() ? List.<PodInfo>of() : node.pods()) {
                // Pods count only if they match all terms, as upstream.
                if (pod.affinity().stream().allMatch(term -> term.matches(other.pod(), namespaceLabels))) {
                    pod.affinity().forEach(term -> count(wanted, node, term));
                }
            }
        }
        boolean selfMatch = !pod.affinity().isEmpty()
                && pod.affinity().stream().allMatch(term -> term.matches(pod.pod(), namespaceLabels));
        Neighbours neighbours = new Neighbours(pod, selfMatch, wanted);
        for (NodeInfo node : nodes) {
            for (PodInfo other : node.pods()) {
                for (Term term : pod.antiAffinity()) {
                    if (term.matches(other.pod(), namespaceLabels)) {
                        count(neighbours.unwanted, node, term);
                    }
                }
                for (Term term : other.antiAffinity()) {
                    if (term.matches(pod.pod(), namespaceLabels)) {
                        count(neighbours.refused, node, term);
                    }
                }
            }
        }
        return neighbours;
    }

    private static void count(Map<Domain, Integer> counts, NodeInfo node, Term term) {
        String value = node.labels().get(term.topologyKey());
        if (value != null) {
            counts.merge(new Domain(term.topologyKey(), value), 1, Integer::sum);
        }
    }

    private static boolean in(Map<Domain, Integer> counts, String key, @Nullable String value) {
        return value != null && counts.containsKey(new Domain(key, value));
    }

    Filter.@Nullable Rejection filter(NodeInfo node) {
        for (Term term : pod.affinity()) {
            String value = node.labels().get(term.topologyKey());
            if (value == null) {
                return Filter.Rejection.forGood("node(s) didn't match pod affinity rules");
            }
            // The first of pods that want to be near each other may start anywhere.
            if (!in(wanted, term.topologyKey(), value) && !first) {
                return Filter.Rejection.forGood("node(s) didn't match pod affinity rules");
            }
        }
        for (Term term : pod.antiAffinity()) {
            if (in(unwanted, term.topologyKey(), node.labels().get(term.topologyKey()))) {
                return Filter.Rejection.of("node(s) didn't match pod anti-affinity rules");
            }
        }
        for (Domain domain : refused.keySet()) {
            if (domain.value().equals(node.labels().get(domain.key()))) {
                return Filter.Rejection.of("node(s) didn't satisfy existing pods anti-affinity rules");
            }
        }
        return null;
    }
}
