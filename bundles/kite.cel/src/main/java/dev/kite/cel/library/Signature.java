package dev.kite.cel.library;

import java.util.ArrayList;
import java.util.List;

/**
 * A type in a declaration: a name and parameters, as in {@code map<string, A>}. One capital letter is a type parameter.
 */
public record Signature(String name, List<Signature> parameters) {
    /** Copies. */
    public Signature {
        parameters = List.copyOf(parameters);
    }

    /** Whether it stands for any type. */
    public boolean isParameter() {
        return name.length() == 1 && Character.isUpperCase(name.charAt(0));
    }

    /** Reads one. */
    static Signature parse(String text) {
        String t = text.strip();
        int open = t.indexOf('<');
        return open < 0
                ? new Signature(t, List.of())
                : new Signature(t.substring(0, open), list(t.substring(open + 1, t.length() - 1)));
    }

    /** Reads several, with commas between them. */
    static List<Signature> list(String text) {
        List<Signature> all = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '<' ? 1 : c == '>' ? -1 : 0;
            if (c == ',' && depth == 0) {
                all.add(parse(text.substring(start, i)));
                start = i + 1;
            }
        }
        if (!text.isBlank()) {
            all.add(parse(text.substring(start)));
        }
        return all;
    }
}
