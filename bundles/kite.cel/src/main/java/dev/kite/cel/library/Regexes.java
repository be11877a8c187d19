package dev.kite.cel.library;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.kite.cel.eval.Call;
import dev.kite.cel.eval.CelError;
import dev.kite.cel.eval.ListValue;
import java.util.ArrayList;
import java.util.List;

/** Regular expressions, RE2's: linear in the text. */
public final class Regexes {
    /** Characters of a pattern at most: repetitions multiply a pattern's program, which re2j bounds at 1,000 each. */
    private static final int MAX_PATTERN = 4096;

    static final List<Function> FUNCTIONS = List.of(
            Function.of("string_find_string", "string#find(string) string", (e, a) -> {
                Matcher matcher = find((String) a[1]).matcher((String) a[0]);
                return matcher.find() ? matcher.group() : "";
            }),
            Function.of(
                    "string_find_all_string",
                    "string#findAll(string) list<string>",
                    (e, a) -> findAll((String) a[0], (String) a[1], -1)),
            Function.of(
                    "string_find_all_string_int",
                    "string#findAll(string, int) list<string>",
                    (e, a) -> findAll((String) a[0], (String) a[1], (Long) a[2])));

    private Regexes() {}

    private static ListValue findAll(String text, String pattern, long most) {
        List<Object> found = new ArrayList<>();
        Matcher matcher = find(pattern).matcher(text);
        int end = -1;
        while ((most < 0 || found.size() < most) && matcher.find()) {
            // Nothing right after a find is no find.
            if (matcher.end() > matcher.start() || matcher.start() != end) {
                found.add(matcher.group());
            }
            end = matcher.end();
        }
        return ListValue.of(found);
    }

    /** The pattern, or an error. */
    public static Pattern compile(String pattern) {
        if (pattern.length() > MAX_PATTERN) {
            throw new CelError("regular expression too long: " + pattern.length() + " characters");
        }
        try {
            return Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new CelError("error parsing regexp: " + e.getDescription() + ": `" + e.getPattern() + "`");
        }
    }

    private static Pattern find(String pattern) {
        try {
            return compile(pattern);
        } catch (CelError e) {
            throw new CelError("Illegal regex: " + e.getMessage());
        }
    }

    static boolean matches(String text, String pattern) {
        return compile(pattern).matcher(text).find();
    }

    /** {@code matches} with a constant pattern, compiled once. */
    public static Call matcher(String pattern) {
        Pattern compiled = compile(pattern);
        return (e, a) -> a[0] instanceof String s ? (Object) compiled.matcher(s).find() : Standard.none("matches", a);
    }
}
