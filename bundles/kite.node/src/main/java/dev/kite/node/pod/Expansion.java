package dev.kite.node.pod;

import java.util.Map;

/** Replaces {@code $(NAME)} by variables; {@code $$} is a dollar sign, unknown names stay as they are (the API's rule for command, args, env and subPathExpr). Pure. */
final class Expansion {
    private Expansion() {}

    static String expand(String text, Map<String, String> variables) {
        int dollar = text.indexOf('$');
        if (dollar < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != '$' || at + 1 == text.length()) {
                out.append(c);
                at++;
            } else if (text.charAt(at + 1) == '$') {
                out.append('$');
                at += 2;
            } else if (text.charAt(at + 1) == '(') {
                int close = text.indexOf(')', at + 2);
                if (close < 0) {
                    out.append("$(");
                    at += 2;
                } else {
                    String name = text.substring(at + 2, close);
                    String value = variables.get(name);
                    out.append(value == null ? "$(" + name + ")" : value);
                    at = close + 1;
                }
            } else {
                out.append('$').append(text.charAt(at + 1));
                at += 2;
            }
        }
        return out.toString();
    }
}
