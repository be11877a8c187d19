package dev.kite.model.selector;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Reads label selectors:
 *
 * <pre>
 * selector    = [ requirement ("," requirement)* ]
 * requirement = key | "!" key | key ("=" | "==" | "!=" | "&gt;" | "&lt;") [value] | key ("in" | "notin") "(" [value] ("," [value])* ")"
 * </pre>
 */
final class LabelSelectorParser {
    private enum Kind {
        END,
        WORD,
        SYMBOL,
        ERROR
    }

    private record Token(Kind kind, String text) {
        boolean is(String symbol) {
            return kind == Kind.SYMBOL && text.equals(symbol);
        }
    }

    private static final String SYMBOLS = "=!(),<>";
    private static final List<String> OPERATORS = List.of("in", "notin", "=", "==", "!=", "gt", "lt");
    private static final Map<String, Requirement.Operator> BY_TEXT = Map.of(
            "=", Requirement.Operator.EQUALS,
            "==", Requirement.Operator.EQUALS,
            "!=", Requirement.Operator.NOT_EQUALS,
            "in", Requirement.Operator.IN,
            "notin", Requirement.Operator.NOT_IN,
            ">", Requirement.Operator.GREATER_THAN,
            "<", Requirement.Operator.LESS_THAN);

    private final String text;
    private int at;
    private Token next;

    LabelSelectorParser(String text) {
        this.text = text;
        this.next = scan();
    }

    List<Requirement> parse() {
        List<Requirement> requirements = new ArrayList<>();
        if (next.kind() == Kind.END) {
            return requirements;
        }
        if (next.kind() != Kind.WORD && !next.is("!")) {
            throw new SelectorException("found '" + next.text() + "', expected: !, identifier, or 'end of string'");
        }
        while (true) {
            try {
                requirements.add(requirement());
            } catch (SelectorException e) {
                throw new SelectorException("unable to parse requirement: " + e.getMessage());
            }
            Token after = take();
            if (after.kind() == Kind.END) {
                return requirements;
            }
            if (!after.is(",")) {
                throw new SelectorException("found '" + after.text() + "', expected: ',' or 'end of string'");
            }
            if (next.kind() != Kind.WORD && !next.is("!")) {
                throw new SelectorException("found '" + next.text() + "', expected: identifier after ','");
            }
        }
    }

    private Requirement requirement() {
        boolean not = next.is("!");
        if (not) {
            take();
        }
        Token key = take();
        if (key.kind() != Kind.WORD) {
            throw new SelectorException("found '" + key.text() + "', expected: identifier");
        }
        if (not || next.kind() == Kind.END || next.is(",")) {
            return Requirement.of(
                    key.text(), not ? Requirement.Operator.DOES_NOT_EXIST : Requirement.Operator.EXISTS, List.of());
        }
        Token token = take();
        Requirement.Operator operator = token.kind() == Kind.ERROR ? null : BY_TEXT.get(token.text());
        if (operator == null) {
            throw new SelectorException("found '" + token.text() + "', expected: " + String.join(", ", OPERATORS));
        }
        boolean set = operator == Requirement.Operator.IN || operator == Requirement.Operator.NOT_IN;
        return Requirement.of(key.text(), operator, set ? values() : List.of(value()));
    }

    private String value() {
        if (next.kind() == Kind.END || next.is(",")) {
            return "";
        }
        Token value = take();
        if (value.kind() != Kind.WORD) {
            throw new SelectorException("found '" + value.text() + "', expected: identifier");
        }
        return value.text();
    }

    private List<String> values() {
        Token open = take();
        if (!open.is("(")) {
            throw new SelectorException("found '" + open.text() + "' expected: '('");
        }
        TreeSet<String> values = new TreeSet<>();
        while (true) {
            values.add(next.kind() == Kind.WORD ? take().text() : "");
            Token after = take();
            if (after.is(")")) {
                return List.copyOf(values);
            }
            if (!after.is(",")) {
                throw new SelectorException("found '" + after.text() + "', expected: ',' or ')'");
            }
        }
    }

    private Token take() {
        Token taken = next;
        next = scan();
        return taken;
    }

    private Token scan() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        if (at == text.length()) {
            return new Token(Kind.END, "");
        }
        int start = at;
        if (SYMBOLS.indexOf(text.charAt(at)) < 0) {
            while (at < text.length() && (SYMBOLS + " \t\r\n").indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return new Token(Kind.WORD, text.substring(start, at));
        }
        at++;
        String symbol = text.substring(start, at);
        if (at < text.length() && text.charAt(at) == '=' && (symbol.equals("=") || symbol.equals("!"))) {
            at++;
            symbol = text.substring(start, at);
        }
        return new Token(Kind.SYMBOL, symbol);
    }
}
