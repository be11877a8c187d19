package dev.kite.scheduler;

import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.PodAffinityTerm;
import dev.kite.model.meta.v1.LabelSelector;
import dev.kite.model.selector.LabelSelectors;
import dev.kite.model.selector.Selector;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * An affinity term, ready to be matched. Immutable.
 *
 * @param topologyKey the node label whose equal values mean near
 * @param namespaces where the others are
 * @param namespaceSelector where else, by labels of the namespace
 * @param selector which others
 */
record Term(String topologyKey, Set<String> namespaces, Selector namespaceSelector, Selector selector) {
    static Term of(Pod pod, PodAffinityTerm term) {
        boolean own = term.namespaces().isEmpty() && !term.hasNamespaceSelector();
        return new Term(
                term.topologyKey(),
                own ? Set.of(pod.metadata().namespace()) : Set.copyOf(term.namespaces()),
                term.hasNamespaceSelector() ? LabelSelectors.of(term.namespaceSelector()) : Selector.NOTHING,
                selector(pod, term));
    }

    private static Selector selector(Pod pod, PodAffinityTerm term) {
        if (!term.hasLabelSelector()) {
            return Selector.NOTHING;
        }
        return LabelSelectors.of(
                withOwnLabels(pod, term.labelSelector(), term.matchLabelKeys(), term.mismatchLabelKeys()));
    }

    /**
     * Adds the pod's own values of some labels to a selector.
     *
     * @param pod the pod
     * @param selector the selector
     * @param equal labels that others must have with the same value
     * @param different labels that others must not have with the same value
     * @return the selector
     */
    static LabelSelector withOwnLabels(Pod pod, LabelSelector selector, List<String> equal, List<String> different) {
        if (equal.isEmpty() && different.isEmpty()) {
            return selector;
        }
        LabelSelector.Builder builder = selector.toBuilder();
        Map<String, String> labels = pod.metadata().labels();
        for (String key : equal) {
            if (labels.containsKey(key)) {
                builder.addMatchExpressions(e -> e.key(key).operator("In").addValues(labels.get(key)));
            }
        }
        for (String key : different) {
            if (labels.containsKey(key)) {
                builder.addMatchExpressions(e -> e.key(key).operator("NotIn").addValues(labels.get(key)));
            }
        }
        return builder.build();
    }

    /**
     * Tells whether another pod is meant.
     *
     * @param other the other pod
     * @param namespaceLabels finds a namespace's labels
     * @return whether it is
     */
    boolean matches(Pod other, Function<String, Map<String, String>> namespaceLabels) {
        String namespace = other.metadata().namespace();
        boolean here = namespaces.contains(namespace)
                || (!namespaceSelector.isNothing() && namespaceSelector.matches(namespaceLabels.apply(namespace)));
        return here && selector.matches(other.metadata().labels());
    }
}
