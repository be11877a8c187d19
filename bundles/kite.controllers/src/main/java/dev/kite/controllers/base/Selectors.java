package dev.kite.controllers.base;

import dev.kite.model.meta.v1.LabelSelector;
import dev.kite.model.selector.LabelSelectors;
import java.util.Map;

/** Label selectors applied to labels (meta.v1 LabelSelector's rules). */
public final class Selectors {
    private Selectors() {}

    /**
     * Tells whether a selector selects everything.
     *
     * @param selector the selector
     * @return whether it has no requirement
     */
    public static boolean isEmpty(LabelSelector selector) {
        return selector.matchLabels().isEmpty() && selector.matchExpressions().isEmpty();
    }

    /**
     * Tells whether labels meet all of a selector's requirements.
     *
     * @param selector the selector; an empty one selects all
     * @param labels the labels
     * @return whether they do
     */
    public static boolean matches(LabelSelector selector, Map<String, String> labels) {
        return selector.matchExpressions().isEmpty()
                ? matches(selector.matchLabels(), labels)
                : LabelSelectors.of(selector).matches(labels);
    }

    /**
     * Tells whether labels hold all of a set's entries.
     *
     * @param wanted the entries; none select all
     * @param labels the labels
     * @return whether they do
     */
    public static boolean matches(Map<String, String> wanted, Map<String, String> labels) {
        for (Map.Entry<String, String> entry : wanted.entrySet()) {
            if (!entry.getValue().equals(labels.get(entry.getKey()))) {
                return false;
            }
        }
        return true;
    }
}
