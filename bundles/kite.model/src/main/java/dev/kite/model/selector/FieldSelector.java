package dev.kite.model.selector;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Conditions on fields, all of which must hold: {@code metadata.name=a,status.phase!=Running}. Immutable.
 *
 * @param terms the conditions, as written
 */
public record FieldSelector(List<Term> terms) {
    /** Selects all. */
    public static final FieldSelector EVERYTHING = new FieldSelector(List.of());

    /**
     * One condition.
     *
     * @param field the field's path
     * @param equal whether the field must have the value, or must not
     * @param value unescaped
     */
    public record Term(String field, boolean equal, String value) {
        @Override
        public String toString() {
            return field + (equal ? "=" : "!=") + escape(value);
        }
    }

    /** Copies the terms. */
    public FieldSelector {
        terms = List.copyOf(terms);
    }

    /**
     * Reads a selector; a backslash makes a following comma, equals sign or backslash part of a value.
     *
     * @throws SelectorException where it is none
     */
    public static FieldSelector parse(String text) {
        List<Term> terms = new ArrayList<>();
        for (String part : split(text)) {
            if (!part.isEmpty()) {
                terms.add(term(part, text));
            }
        }
        return terms.isEmpty() ? EVERYTHING : new FieldSelector(terms);
    }

    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == ',') {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    private static Term term(String part, String whole) {
        for (int i = 0; i < part.length(); i++) {
            String rest = part.substring(i);
            if (rest.startsWith("!=")) {
                return new Term(part.substring(0, i), false, unescape(rest.substring(2)));
            }
            if (rest.startsWith("==")) {
                return new Term(part.substring(0, i), true, unescape(rest.substring(2)));
            }
            if (rest.startsWith("=")) {
                return new Term(part.substring(0, i), true, unescape(rest.substring(1)));
            }
        }
        throw new SelectorException("invalid selector: '" + whole + "'; can't understand '" + part + "'");
    }

    private static String unescape(String value) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\') {
                i++;
                String sequence = i < value.length() ? "\\" + value.charAt(i) : "\\";
                if (i >= value.length() || "\\,=".indexOf(value.charAt(i)) < 0) {
                    throw new SelectorException("invalid field selector: invalid escape sequence: " + sequence);
                }
                plain.append(value.charAt(i));
            } else if (c == ',' || c == '=') {
                throw new SelectorException("invalid field selector: unescaped character in value: " + (int) c);
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }

    /** A value as it is written in a selector. */
    public static String escape(String value) {
        return value.replace("\\", "\\\\").replace(",", "\\,").replace("=", "\\=");
    }

    /**
     * Whether an object meets it.
     *
     * @param field the object's value of a field, empty where it is absent
     */
    public boolean matches(Function<String, String> field) {
        for (Term term : terms) {
            if (field.apply(term.field()).equals(term.value()) != term.equal()) {
                return false;
            }
        }
        return true;
    }

    /** Whether it selects all. */
    public boolean isEverything() {
        return terms.isEmpty();
    }

    /** The value that a field must have; empty where none is required. */
    public java.util.Optional<String> required(String field) {
        return terms.stream()
                .filter(term -> term.equal() && term.field().equals(field))
                .map(Term::value)
                .findFirst();
    }

    @Override
    public String toString() {
        return terms.stream().map(Term::toString).collect(Collectors.joining(","));
    }
}
