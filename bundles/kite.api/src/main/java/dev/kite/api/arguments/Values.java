package dev.kite.api.arguments;

import java.util.Set;
import java.util.regex.Pattern;

/** Values of arguments by their form, as upstream's flag package reads them. Pure. */
final class Values {
    private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");
    private static final Set<String> FALSE = Set.of("0", "f", "F", "false", "FALSE", "False");
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,18}");
    private static final Pattern DECIMAL =
            Pattern.compile("[+-]?(?:\\d{1,18}(?:\\.\\d{0,18})?|\\.\\d{1,18})(?:[eE][+-]?\\d{1,2})?");

    private Values() {}

    static boolean flag(String value) {
        if (!TRUE.contains(value) && !FALSE.contains(value)) {
            throw new IllegalArgumentException("strconv.ParseBool: parsing \"" + value + "\": invalid syntax");
        }
        return TRUE.contains(value);
    }

    /** Throws IllegalArgumentException, its message as upstream's, if a value isn't of the form. */
    static void check(Argument.Form form, String value) {
        switch (form) {
            case FLAG -> flag(value);
            case NUMBER -> matches(NUMBER, "ParseInt", value);
            case DECIMAL -> matches(DECIMAL, "ParseFloat", value);
            case DURATION -> GoDurations.parse(value);
            case TEXT, LIST, MAP -> {
                // any text is one
            }
        }
    }

    private static void matches(Pattern form, String function, String value) {
        if (!form.matcher(value).matches()) {
            throw new IllegalArgumentException("strconv." + function + ": parsing \"" + value + "\": invalid syntax");
        }
    }
}
