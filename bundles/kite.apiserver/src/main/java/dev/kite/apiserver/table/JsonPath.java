package dev.kite.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The JSONPath that printer columns use: {@code .a.b}, {@code ['a.b']}, {@code .a\.b}, {@code [0]}, {@code [-1]}, {@code [*]} and
 * {@code [?(@.type=="Ready")]} with ==, !=, &lt;, &lt;=, &gt; and &gt;=. Immutable and thread safe.
 */
final class JsonPath {
    private final List<Step> steps;

    private JsonPath(List<Step> steps) {
        this.steps = List.copyOf(steps);
    }

    private sealed interface Step {
        record Field(String name) implements Step {}

        record Index(int index) implements Step {}

        record Each() implements Step {}

        record Filter(JsonPath path, String operator, String literal) implements Step {}
    }

    /** Reads a path, with or without its dollar or braces; empty if it is malformed or uses what is not known here. */
    static Optional<JsonPath> parse(String text) {
        String path = text.strip();
        if (path.startsWith("{") && path.endsWith("}")) {
            path = path.substring(1, path.length() - 1).strip();
        }
        if (path.startsWith("$") || path.startsWith("@")) {
            path = path.substring(1);
        }
        return new Parser(path).parse().map(JsonPath::new);
    }

    /** The first value that the path leads to. */
    Optional<JsonNode> first(JsonNode root) {
        List<JsonNode> here = List.of(root);
        for (Step step : steps) {
            List<JsonNode> next = new ArrayList<>();
            for (JsonNode node : here) {
                follow(step, node, next);
            }
            here = next;
        }
        return here.stream().findFirst();
    }

    private static void follow(Step step, JsonNode node, List<JsonNode> into) {
        switch (step) {
            case Step.Field(String name) -> {
                JsonNode found = node.path(name);
                if (!found.isMissingNode()) {
                    into.add(found);
                }
            }
            case Step.Index(int index) -> {
                if (node.isArray()) {
                    JsonNode found = node.path(index < 0 ? node.size() + index : index);
                    if (!found.isMissingNode()) {
                        into.add(found);
                    }
                }
            }
            case Step.Each() -> node.forEach(into::add);
            case Step.Filter filter ->
                node.forEach(element -> {
                    if (matches(filter, element)) {
                        into.add(element);
                    }
                });
        }
    }

    private static boolean matches(Step.Filter filter, JsonNode element) {
        Optional<JsonNode> found = filter.path().first(element);
        if (found.isEmpty()) {
            return false;
        }
        if (filter.operator().isEmpty()) {
            return true;
        }
        JsonNode value = found.get();
        int order = value.isNumber()
                ? compareNumbers(value, filter.literal())
                : value.asText().compareTo(filter.literal());
        return switch (filter.operator()) {
            case "==" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    private static int compareNumbers(JsonNode value, String literal) {
        try {
            return Double.compare(value.doubleValue(), Double.parseDouble(literal));
        } catch (NumberFormatException e) {
            return value.asText().compareTo(literal);
        }
    }

    /** Reads a path from left to right. Confined to its thread. */
    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        Optional<List<Step>> parse() {
            List<Step> steps = new ArrayList<>();
            while (at < text.length()) {
                Optional<Step> step = switch (text.charAt(at)) {
                    case '.' -> dotted();
                    case '[' -> bracketed();
                    default -> at == 0 ? name() : Optional.empty();
                };
                if (step.isEmpty()) {
                    return Optional.empty();
                }
                steps.add(step.get());
            }
            return Optional.of(steps);
        }

        private Optional<Step> dotted() {
            at++;
            if (at < text.length() && text.charAt(at) == '*') {
                at++;
                return Optional.of(new Step.Each());
            }
            return name();
        }

        private Optional<Step> name() {
            StringBuilder name = new StringBuilder();
            while (at < text.length() && ".[".indexOf(text.charAt(at)) < 0) {
                if (text.charAt(at) == ']') {
                    return Optional.empty();
                }
                if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                    at++;
                }
                name.append(text.charAt(at++));
            }
            return name.isEmpty() ? Optional.empty() : Optional.of(new Step.Field(name.toString()));
        }

        private Optional<Step> bracketed() {
            int end = closing();
            if (end < 0) {
                return Optional.empty();
            }
            String inside = text.substring(at + 1, end).strip();
            at = end + 1;
            if (inside.equals("*")) {
                return Optional.of(new Step.Each());
            }
            if (inside.startsWith("?(") && inside.endsWith(")")) {
                return filter(inside.substring(2, inside.length() - 1).strip());
            }
            if (quoted(inside)) {
                return Optional.of(new Step.Field(inside.substring(1, inside.length() - 1)));
            }
            try {
                return Optional.of(new Step.Index(Integer.parseInt(inside)));
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }

        /** Where the bracket that opens here closes, minding quotes and brackets inside; -1 if nowhere. */
        private int closing() {
            int depth = 0;
            char quote = 0;
            for (int i = at; i < text.length(); i++) {
                char c = text.charAt(i);
                if (quote != 0) {
                    quote = c == quote ? 0 : quote;
                } else if (c == '\'' || c == '"') {
                    quote = c;
                } else if (c == '[') {
                    depth++;
                } else if (c == ']' && --depth == 0) {
                    return i;
                }
            }
            return -1;
        }

        private static Optional<Step> filter(String condition) {
            for (String operator : List.of("==", "!=", "<=", ">=", "<", ">")) {
                int found = condition.indexOf(operator);
                if (found > 0) {
                    String literal =
                            condition.substring(found + operator.length()).strip();
                    String bare = quoted(literal) ? literal.substring(1, literal.length() - 1) : literal;
                    return JsonPath.parse(condition.substring(0, found).strip())
                            .map(path -> new Step.Filter(path, operator, bare));
                }
            }
            return JsonPath.parse(condition).map(path -> new Step.Filter(path, "", ""));
        }

        private static boolean quoted(String text) {
            return text.length() >= 2
                    && (text.charAt(0) == '\'' || text.charAt(0) == '"')
                    && text.charAt(text.length() - 1) == text.charAt(0);
        }
    }
}
