package dev.kite.model.selector;

import dev.kite.model.validation.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One condition on one label. Immutable.
 *
 * @param key the label's key
 * @param operator how the label's value relates to {@code values}
 * @param values sorted, without duplicates
 */
public record Requirement(String key, Operator operator, List<String> values) {

    /** How a label's value relates to a requirement's values. */
    public enum Operator {
        /** The label is there and has one of the values. */
        IN("in"),
        /** The label is not there, or has none of the values. */
        NOT_IN("notin"),
        /** The label is there and has the value. */
        EQUALS("="),
        /** The label is not there, or has another value. */
        NOT_EQUALS("!="),
        /** The label is there. */
        EXISTS("exists"),
        /** The label is not there. */
        DOES_NOT_EXIST("!"),
        /** The label is a number larger than the value. */
        GREATER_THAN("gt"),
        /** The label is a number smaller than the value. */
        LESS_THAN("lt");

        private final String text;

        Operator(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * A checked requirement.
     *
     * @throws SelectorException where the key, a value or the number of values is wrong
     */
    public static Requirement of(String key, Operator operator, List<String> values) {
        List<String> errors = new ArrayList<>();
        for (String error : Names.qualifiedName(key)) {
            errors.add("<nil>: Invalid value: \"" + key + "\": " + error);
        }
        String wrongCount = switch (operator) {
            case IN, NOT_IN -> values.isEmpty() ? "for 'in', 'notin' operators, values set can't be empty" : "";
            case EQUALS, NOT_EQUALS -> values.size() == 1 ? "" : "exact-match compatibility requires one single value";
            case EXISTS, DOES_NOT_EXIST ->
                values.isEmpty() ? "" : "values set must be empty for exists and does not exist";
            case GREATER_THAN, LESS_THAN ->
                values.size() == 1 ? "" : "for 'Gt', 'Lt' operators, exactly one value is required";
        };
        if (!wrongCount.isEmpty()) {
            errors.add("values: Invalid value: " + quoted(values) + ": " + wrongCount);
        }
        for (int i = 0; i < values.size(); i++) {
            String value = values.get(i);
            String at = "values[" + i + "][" + key + "]: Invalid value: \"" + value + "\": ";
            Names.labelValue(value).forEach(error -> errors.add(at + error));
            if ((operator == Operator.GREATER_THAN || operator == Operator.LESS_THAN) && !isNumber(value)) {
                errors.add("values[" + i + "]: Invalid value: \"" + value
                        + "\": for 'Gt', 'Lt' operators, the value must be an integer");
            }
        }
        if (!errors.isEmpty()) {
            throw new SelectorException(errors.size() == 1 ? errors.getFirst() : "[" + String.join(", ", errors) + "]");
        }
        return new Requirement(
                key, operator, values.stream().distinct().sorted().toList());
    }

    private static String quoted(List<String> values) {
        return "[" + String.join(",", values.stream().map(v -> "\"" + v + "\"").toList()) + "]";
    }

    private static boolean isNumber(String text) {
        try {
            Long.parseLong(text);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** Whether labels meet it. */
    public boolean matches(Map<String, String> labels) {
        String value = labels.get(key);
        return switch (operator) {
            case IN, EQUALS -> value != null && values.contains(value);
            case NOT_IN, NOT_EQUALS -> value == null || !values.contains(value);
            case EXISTS -> value != null;
            case DOES_NOT_EXIST -> value == null;
            case GREATER_THAN, LESS_THAN -> value != null && isNumber(value) && compares(Long.parseLong(value));
        };
    }

    private boolean compares(long value) {
        long bound = Long.parseLong(values.getFirst());
        return operator == Operator.GREATER_THAN ? value > bound : value < bound;
    }

    /** As it is written in a query. */
    @Override
    public String toString() {
        return switch (operator) {
            case EXISTS -> key;
            case DOES_NOT_EXIST -> "!" + key;
            case IN, NOT_IN -> key + " " + operator + " (" + String.join(",", values) + ")";
            case EQUALS, NOT_EQUALS -> key + operator + values.getFirst();
            case GREATER_THAN -> key + ">" + values.getFirst();
            case LESS_THAN -> key + "<" + values.getFirst();
        };
    }
}
