package dev.kite.model.selector;

import dev.kite.model.meta.v1.LabelSelector;
import dev.kite.model.meta.v1.LabelSelectorRequirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes {@link Selector}s. */
public final class LabelSelectors {
    private LabelSelectors() {}

    /**
     * Reads {@code a=b,c in (d,e),!f,g>3}.
     *
     * @throws SelectorException where it is no selector
     */
    public static Selector parse(String text) {
        return Selector.of(new LabelSelectorParser(text).parse());
    }

    /**
     * From an API object: null or absent selects nothing, an empty one all.
     *
     * @throws SelectorException where a requirement is wrong
     */
    public static Selector of(@Nullable LabelSelector selector) {
        if (selector == null) {
            return Selector.NOTHING;
        }
        List<Requirement> requirements = new ArrayList<>();
        selector.matchLabels()
                .forEach((key, value) ->
                        requirements.add(Requirement.of(key, Requirement.Operator.EQUALS, List.of(value))));
        for (LabelSelectorRequirement expression : selector.matchExpressions()) {
            requirements.add(Requirement.of(expression.key(), operator(expression.operator()), expression.values()));
        }
        return Selector.of(requirements);
    }

    private static Requirement.Operator operator(String name) {
        return switch (name) {
            case "In" -> Requirement.Operator.IN;
            case "NotIn" -> Requirement.Operator.NOT_IN;
            case "Exists" -> Requirement.Operator.EXISTS;
            case "DoesNotExist" -> Requirement.Operator.DOES_NOT_EXIST;
            default -> throw new SelectorException("\"" + name + "\" is not a valid label selector operator");
        };
    }

    /** Exactly these labels; an empty map selects all. Keys and values are not checked, as in Kubernetes. */
    public static Selector ofMap(Map<String, String> labels) {
        List<Requirement> requirements = new ArrayList<>();
        labels.forEach(
                (key, value) -> requirements.add(new Requirement(key, Requirement.Operator.EQUALS, List.of(value))));
        return Selector.of(requirements);
    }
}
