package dev.kite.apiserver.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Label selectors as queries write them: {@code a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1,m<2}. Immutable. */
final class LabelTerms implements Predicate<Map<String, String>> {
    private enum Operator {
        IN,
        NOT_IN,
        EXISTS,
        ABSENT,
        GREATER,
        LESS
    }

    private record Term(String key, Operator operator, Set<String> values) {
        boolean holds(Map<String, String> labels) {
            String value = labels.get(key);
            return switch (operator) {
                case IN -> value != null && values.contains(value);
                case NOT_IN -> value == null || !values.contains(value);
                case EXISTS -> value != null;
                case ABSENT -> value == null;
                case GREATER -> compares(value, 1);
                case LESS -> compares(value, -1);
            };
        }

        private boolean compares(@org.jspecify.annotations.Nullable String value, int sign) {
            try {
                return value != null
                        && Long.compare(
                                        Long.parseLong(value),
                                        Long.parseLong(values.iterator().next()))
                                == sign;
            } catch (NumberFormatException _) {
                return false;
            }
        }
    }

    private final List<Term> terms;

    private LabelTerms(List<Term> terms) {
        this.terms = terms;
    }

    /**
     * Parses a selector.
     *
     * @throws IllegalArgumentException if it is malformed
     */
    static LabelTerms parse(String text) {
        return new LabelTerms(new Parser(text).selector());
    }

    @Override
    public boolean test(Map<String, String> labels) {
        for (Term term : terms) {
            if (!term.holds(labels)) {
                return false;
            }
        }
        return true;
    }

    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        List<Term> selector() {
            List<Term> terms = new ArrayList<>();
            do {
                terms.add(term());
                spaces();
            } while (take(','));
            if (at < text.length()) {
                throw malformed("found '" + text.substring(at) + "', expected: ',' or 'end of string'");
            }
            return terms;
        }

        private Term term() {
            spaces();
            if (take('!')) {
                spaces();
                return new Term(key(), Operator.ABSENT, Set.of());
            }
            String key = key();
            spaces();
            if (at == text.length() || text.charAt(at) == ',') {
                return new Term(key, Operator.EXISTS, Set.of());
            }
            return compared(key);
        }

        private Term compared(String key) {
            if (take('=')) {
                take('=');
                return new Term(key, Operator.IN, Set.of(value()));
            }
            if (text.startsWith("!=", at)) {
                at += 2;
                return new Term(key, Operator.NOT_IN, Set.of(value()));
            }
            if (take('>')) {
                return new Term(key, Operator.GREATER, Set.of(number()));
            }
            if (take('<')) {
                return new Term(key, Operator.LESS, Set.of(number()));
            }
            String word = word();
            return switch (word) {
                case "in" -> new Term(key, Operator.IN, values());
                case "notin" -> new Term(key, Operator.NOT_IN, values());
                default -> throw malformed("found '" + word + "', expected: in, notin, =, ==, !=, gt, lt");
            };
        }

        private Set<String> values() {
            spaces();
            if (!take('(')) {
                throw malformed("found '" + rest() + "', expected: '('");
            }
            Set<String> values = new TreeSet<>();
            do {
                values.add(value());
                spaces();
            } while (take(','));
            if (!take(')')) {
                throw malformed("found '" + rest() + "', expected: ',' or ')'");
            }
            return Set.copyOf(values);
        }

        private String key() {
            String key = word();
            if (key.isEmpty()) {
                throw malformed("found '" + rest() + "', expected: !, identifier, or 'end of string'");
            }
            if (key.length() > 253 + 1 + 63) {
                throw malformed("key: Invalid value: \"" + key + "\": name part must be no more than 63 characters");
            }
            return key;
        }

        private String value() {
            spaces();
            String value = word();
            if (value.length() > 63) {
                throw malformed("values[0]: Invalid value: \"" + value + "\": must be no more than 63 characters");
            }
            return value;
        }

        private String number() {
            String value = value();
            try {
                Long.parseLong(value);
                return value;
            } catch (NumberFormatException _) {
                throw malformed("values[0]: Invalid value: \"" + value
                        + "\": for 'Gt', 'Lt' operators, the value must be an integer");
            }
        }

        private String word() {
            int start = at;
            while (at < text.length() && isWord(text.charAt(at))) {
                at++;
            }
            return text.substring(start, at);
        }

        private static boolean isWord(char c) {
            return Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.' || c == '/';
        }

        private void spaces() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
        }

        private boolean take(char c) {
            if (at < text.length() && text.charAt(at) == c) {
                at++;
                return true;
            }
            return false;
        }

        private String rest() {
            return text.substring(at);
        }

        private static IllegalArgumentException malformed(String why) {
            return new IllegalArgumentException(why);
        }
    }
}
