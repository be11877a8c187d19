package dev.kite.security.rbac;

import java.util.List;
import java.util.Map;

/**
 * A label selector (meta.v1 LabelSelector): all of its requirements must hold.
 *
 * @param requirements each about one label
 */
record LabelSelector(List<Requirement> requirements) {
    LabelSelector {
        requirements = List.copyOf(requirements);
    }

    /**
     * About one label.
     *
     * @param key the label
     * @param operator In, NotIn, Exists or DoesNotExist
     * @param values what In and NotIn compare with
     */
    record Requirement(String key, String operator, List<String> values) {
        Requirement {
            values = List.copyOf(values);
        }

        boolean holds(Map<String, String> labels) {
            String value = labels.get(key);
            return switch (operator) {
                case "In" -> value != null && values.contains(value);
                case "NotIn" -> value == null || !values.contains(value);
                case "Exists" -> value != null;
                case "DoesNotExist" -> value == null;
                default -> false;
            };
        }
    }

    boolean matches(Map<String, String> labels) {
        return requirements.stream().allMatch(requirement -> requirement.holds(labels));
    }
}
