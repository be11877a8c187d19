package dev.kite.cel.library;

import dev.kite.cel.eval.CelError;
import dev.kite.cel.eval.ListValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The strings extension, version 2. Positions count code points. */
final class Texts {
    static final List<Function> FUNCTIONS = List.of(
            Function.of(
                    "string_char_at_int", "string#charAt(int) string", (e, a) -> charAt((String) a[0], (Long) a[1])),
            Function.of(
                    "string_index_of_string",
                    "string#indexOf(string) int",
                    (e, a) -> indexOf((String) a[0], (String) a[1], 0)),
            Function.of(
                    "string_index_of_string_int",
                    "string#indexOf(string, int) int",
                    (e, a) -> indexOf((String) a[0], (String) a[1], (Long) a[2])),
            Function.of(
                    "string_last_index_of_string",
                    "string#lastIndexOf(string) int",
                    (e, a) -> lastIndexOf((String) a[0], (String) a[1], Long.MAX_VALUE)),
            Function.of(
                    "string_last_index_of_string_int",
                    "string#lastIndexOf(string, int) int",
                    (e, a) -> lastIndexOf((String) a[0], (String) a[1], (Long) a[2])),
            Function.of("string_lower_ascii", "string#lowerAscii() string", (e, a) -> ascii((String) a[0], 'A', 32)),
            Function.of("string_upper_ascii", "string#upperAscii() string", (e, a) -> ascii((String) a[0], 'a', -32)),
            Function.of(
                    "string_replace_string_string",
                    "string#replace(string, string) string",
                    (e, a) -> replace((String) a[0], (String) a[1], (String) a[2], -1)),
            Function.of(
                    "string_replace_string_string_int",
                    "string#replace(string, string, int) string",
                    (e, a) -> replace((String) a[0], (String) a[1], (String) a[2], (Long) a[3])),
            Function.of(
                    "string_split_string",
                    "string#split(string) list<string>",
                    (e, a) -> split((String) a[0], (String) a[1], -1)),
            Function.of(
                    "string_split_string_int",
                    "string#split(string, int) list<string>",
                    (e, a) -> split((String) a[0], (String) a[1], (Long) a[2])),
            Function.of(
                    "string_substring_int",
                    "string#substring(int) string",
                    (e, a) -> substring((String) a[0], (Long) a[1], count((String) a[0]))),
            Function.of(
                    "string_substring_int_int",
                    "string#substring(int, int) string",
                    (e, a) -> substring((String) a[0], (Long) a[1], (Long) a[2])),
            Function.of("string_trim", "string#trim() string", (e, a) -> trim((String) a[0])),
            Function.of(
                    "string_format",
                    "string#format(list<dyn>) string",
                    (e, a) -> Formatting.format(e, (String) a[0], (ListValue) a[1])),
            Function.of("strings_quote", "strings.quote(string) string", (e, a) -> quote((String) a[0])),
            Function.of("list_join", "list<string>#join() string", (e, a) -> join((ListValue) a[0], "")),
            Function.of(
                    "list_join_string",
                    "list<string>#join(string) string",
                    (e, a) -> join((ListValue) a[0], (String) a[1])));

    private Texts() {}

    private static long count(String s) {
        return s.codePointCount(0, s.length());
    }

    private static int offset(String s, long index) {
        return s.offsetByCodePoints(0, (int) index);
    }

    private static CelError range(long index) {
        return new CelError("index out of range: " + index);
    }

    private static String charAt(String s, long index) {
        long size = count(s);
        if (index < 0 || index > size) {
            throw range(index);
        }
        if (index == size) {
            return "";
        }
        return Character.toString(s.codePointAt(offset(s, index)));
    }

    private static long indexOf(String s, String part, long from) {
        if (part.isEmpty()) {
            return from;
        }
        if (from < 0 || from >= count(s)) {
            if (from >= 0) {
                return -1;
            }
            throw range(from);
        }
        int at = s.indexOf(part, offset(s, from));
        return at < 0 ? -1 : s.codePointCount(0, at);
    }

    private static long lastIndexOf(String s, String part, long from) {
        long size = count(s);
        if (part.isEmpty()) {
            return from == Long.MAX_VALUE ? size : from;
        }
        if (from == Long.MAX_VALUE) {
            int at = s.lastIndexOf(part);
            return at < 0 ? -1 : s.codePointCount(0, at);
        }
        if (from < 0 || from >= size) {
            throw range(from);
        }
        int at = s.lastIndexOf(part, offset(s, from));
        return at < 0 ? -1 : s.codePointCount(0, at);
    }

    private static String ascii(String s, char first, int shift) {
        StringBuilder out = new StringBuilder(s.length());
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            out.append(c >= first && c < first + 26 ? (char) (c + shift) : c);
        }
        return out.toString();
    }

    private static String replace(String s, String from, String to, long most) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        for (long n = 0; most < 0 || n < most; n++) {
            int next = from.isEmpty() ? (n == 0 ? 0 : at + width(s, at)) : s.indexOf(from, at);
            if (next < 0 || next > s.length() || (from.isEmpty() && n > 0 && at >= s.length())) {
                break;
            }
            out.append(s, at, next).append(to);
            at = next + from.length();
            Arithmetic.check(out.length());
        }
        Arithmetic.check(out.length() + (long) s.length() - at);
        return out.append(s, at, s.length()).toString();
    }

    private static int width(String s, int at) {
        return at < s.length() ? Character.charCount(s.codePointAt(at)) : 1;
    }

    private static ListValue split(String s, String separator, long most) {
        List<Object> parts = new ArrayList<>();
        if (most == 0) {
            return ListValue.of(parts);
        }
        int at = 0;
        while (most < 0 || parts.size() < most - 1) {
            int next = separator.isEmpty() ? at + width(s, at) : s.indexOf(separator, at);
            if (next < 0 || (separator.isEmpty() && next >= s.length())) {
                break;
            }
            parts.add(s.substring(at, next));
            at = next + separator.length();
        }
        if (!separator.isEmpty() || !s.isEmpty()) {
            parts.add(s.substring(at));
        }
        return ListValue.of(parts);
    }

    private static String substring(String s, long from, long to) {
        long size = count(s);
        if (from < 0 || from > size) {
            throw range(from);
        }
        if (to < 0 || to > size) {
            throw range(to);
        }
        if (from > to) {
            throw new CelError("invalid substring range. start: " + from + ", end: " + to);
        }
        return s.substring(offset(s, from), offset(s, to));
    }

    /** White space as Unicode has it. */
    private static String trim(String s) {
        int start = 0;
        int end = s.length();
        while (start < end && isSpace(s.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(s.charAt(end - 1))) {
            end--;
        }
        return s.substring(start, end);
    }

    private static boolean isSpace(char c) {
        return (c >= 9 && c <= 13) || c == 0x85 || c == ' ' || Character.isSpaceChar(c);
    }

    static String quote(String s) {
        StringBuilder out = new StringBuilder(s.length() + 2).append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            switch (c) {
                case 7 -> out.append("\\a");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case 11 -> out.append("\\v");
                case '\\' -> out.append("\\\\");
                case '"' -> out.append("\\\"");
                default -> out.append(c);
            }
        }
        return out.append('"').toString();
    }

    private static String join(ListValue list, String separator) {
        StringBuilder out = new StringBuilder();
        boolean first = true;
        for (Object element : list) {
            if (!(element instanceof String s)) {
                throw CelError.noOverload();
            }
            Arithmetic.check((long) out.length() + separator.length() + s.length());
            out.append(first ? "" : separator).append(s);
            first = false;
        }
        return out.toString();
    }

    static String lower(String s) {
        return s.toLowerCase(Locale.ROOT);
    }
}
