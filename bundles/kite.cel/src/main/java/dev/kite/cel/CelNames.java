package dev.kite.cel;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How names of properties are written in expressions (Kubernetes' documentation of validation rules: escaping). */
public final class CelNames {
    /** Words that CEL keeps for itself. */
    private static final Set<String> RESERVED = Set.of(
            "true",
            "false",
            "null",
            "in",
            "as",
            "break",
            "const",
            "continue",
            "else",
            "for",
            "function",
            "if",
            "import",
            "let",
            "loop",
            "package",
            "namespace",
            "return",
            "var",
            "void",
            "while");

    private CelNames() {}

    /** Whether the word is one of CEL's own. */
    public static boolean isReserved(String word) {
        return RESERVED.contains(word);
    }

    /** A property's name as expressions write it, or null for one that they cannot read. */
    public static @Nullable String escape(String name) {
        if (name.isEmpty() || (name.charAt(0) >= '0' && name.charAt(0) <= '9')) {
            return null;
        }
        if (RESERVED.contains(name)) {
            return "__" + name + "__";
        }
        StringBuilder out = new StringBuilder(name.length() + 8);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            switch (c) {
                case '.' -> out.append("__dot__");
                case '-' -> out.append("__dash__");
                case '/' -> out.append("__slash__");
                case '_' -> {
                    if (i + 1 < name.length() && name.charAt(i + 1) == '_') {
                        out.append("__underscores__");
                        i++;
                    } else {
                        out.append('_');
                    }
                }
                default -> {
                    if (!isWord(c)) {
                        return null;
                    }
                    out.append(c);
                }
            }
        }
        return out.toString();
    }

    /** The property's name of what an expression wrote, or null for what {@link #escape} never makes. */
    public static @Nullable String unescape(String written) {
        StringBuilder out = new StringBuilder(written.length());
        int i = 0;
        while (i < written.length()) {
            int end = written.startsWith("__", i) ? written.indexOf("__", i + 2) : -1;
            if (end <= i + 2 || written.indexOf('_', i + 2) != end) {
                out.append(written.charAt(i++));
                continue;
            }
            String inner = written.substring(i + 2, end);
            switch (inner) {
                case "underscores" -> out.append("__");
                case "dot" -> out.append('.');
                case "dash" -> out.append('-');
                case "slash" -> out.append('/');
                default -> {
                    if (!RESERVED.contains(inner) || i != 0 || end + 2 != written.length()) {
                        return null;
                    }
                    out.append(inner);
                }
            }
            i = end + 2;
        }
        return out.toString();
    }

    private static boolean isWord(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
