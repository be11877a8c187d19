package dev.kite.api.scheduling;

import dev.kite.model.core.v1.Node;
import dev.kite.model.core.v1.NodeSelector;
import dev.kite.model.core.v1.NodeSelectorRequirement;
import dev.kite.model.core.v1.NodeSelectorTerm;
import dev.kite.model.core.v1.PodSpec;
import dev.kite.model.core.v1.Taint;
import dev.kite.model.core.v1.Toleration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Node selectors and tolerations (core.v1 NodeSelector, Toleration). Pure functions. */
public final class NodeRules {
    private NodeRules() {}

    /**
     * Tells whether a pod may run on a node by its node selector and required node affinity.
     *
     * @param spec the pod
     * @param node the node
     * @return whether it may
     */
    public static boolean selects(PodSpec spec, Node node) {
        for (Map.Entry<String, String> wanted : spec.nodeSelector().entrySet()) {
            if (!wanted.getValue().equals(node.metadata().labels().get(wanted.getKey()))) {
                return false;
            }
        }
        return !spec.affinity().nodeAffinity().hasRequiredDuringSchedulingIgnoredDuringExecution()
                || matches(spec.affinity().nodeAffinity().requiredDuringSchedulingIgnoredDuringExecution(), node);
    }

    /**
     * Tells whether a node meets one of a selector's terms.
     *
     * @param selector the selector; without terms it selects nothing
     * @param node the node
     * @return whether it does
     */
    public static boolean matches(NodeSelector selector, Node node) {
        return selector.nodeSelectorTerms().stream().anyMatch(term -> matches(term, node));
    }

    /**
     * Tells whether a node meets all of a term's requirements.
     *
     * @param term the term; an empty one selects nothing
     * @param node the node
     * @return whether it does
     */
    public static boolean matches(NodeSelectorTerm term, Node node) {
        if (term.matchExpressions().isEmpty() && term.matchFields().isEmpty()) {
            return false;
        }
        for (NodeSelectorRequirement requirement : term.matchExpressions()) {
            if (!matches(requirement, node.metadata().labels().get(requirement.key()))) {
                return false;
            }
        }
        for (NodeSelectorRequirement requirement : term.matchFields()) {
            // The only field that can be selected.
            boolean name = requirement.key().equals("metadata.name");
            if (!name || !matches(requirement, node.metadata().name())) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(NodeSelectorRequirement requirement, @Nullable String value) {
        List<String> values = requirement.values();
        return switch (requirement.operator()) {
            case "In" -> value != null && values.contains(value);
            case "NotIn" -> value == null || !values.contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            case "Gt" -> compare(value, values) > 0;
            case "Lt" -> compare(value, values) < 0;
            default -> false;
        };
    }

    /** 0, which is neither greater nor less, where one of both is no number. */
    private static int compare(@Nullable String value, List<String> values) {
        if (value == null || values.size() != 1) {
            return 0;
        }
        try {
            return Long.compare(Long.parseLong(value), Long.parseLong(values.getFirst()));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /**
     * Finds a taint that keeps a pod away.
     *
     * @param tolerations the pod's tolerations
     * @param taints the node's taints
     * @param counts which taints are looked at, for example those of effect NoSchedule
     * @return the first that is not tolerated, or null
     */
    public static @Nullable Taint untolerated(
            List<Toleration> tolerations, List<Taint> taints, Predicate<Taint> counts) {
        for (Taint taint : taints) {
            if (counts.test(taint) && tolerations.stream().noneMatch(toleration -> tolerates(toleration, taint))) {
                return taint;
            }
        }
        return null;
    }

    /**
     * Tells whether a taint keeps pods that do not tolerate it from being scheduled.
     *
     * @param taint the taint
     * @return whether its effect is NoSchedule or NoExecute
     */
    public static boolean keepsAway(Taint taint) {
        return taint.effect().equals("NoSchedule") || taint.effect().equals("NoExecute");
    }

    /**
     * Tells whether a toleration tolerates a taint.
     *
     * @param toleration the toleration
     * @param taint the taint
     * @return whether it does
     */
    public static boolean tolerates(Toleration toleration, Taint taint) {
        if (!toleration.effect().isEmpty() && !toleration.effect().equals(taint.effect())) {
            return false;
        }
        if (!toleration.key().isEmpty() && !toleration.key().equals(taint.key())) {
            return false;
        }
        return switch (toleration.operator()) {
            case "", "Equal" -> toleration.value().equals(taint.value());
            case "Exists" -> true;
            default -> false;
        };
    }
}
