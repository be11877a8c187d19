package dev.kite.api.arguments;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which values of its form an argument takes, where upstream refuses others: {@code 1..50}, {@code 1..} or {@code none|static}. Pure.
 *
 * @param least the least number, or null
 * @param most the greatest number, or null
 * @param words the only words, empty for any
 */
record Bounds(@Nullable Long least, @Nullable Long most, List<String> words) {
    static Bounds parse(String text) {
        int dots = text.indexOf("..");
        if (dots < 0) {
            return new Bounds(null, null, List.of(text.split("\\|")));
        }
        return new Bounds(number(text.substring(0, dots)), number(text.substring(dots + 2)), List.of());
    }

    private static @Nullable Long number(String digits) {
        return digits.isEmpty() ? null : Long.valueOf(digits);
    }

    /** Throws IllegalArgumentException, its message one line, if a value is outside. */
    void check(Argument.Form form, String value) {
        if (!words.isEmpty() && !words.contains(value)) {
            throw new IllegalArgumentException("must be one of " + String.join(", ", words));
        }
        if (least == null && most == null) {
            return;
        }
        double number = form == Argument.Form.DURATION
                ? GoDurations.parse(value).toMillis() / 1000.0
                : Double.parseDouble(value);
        if (least != null && number < least) {
            throw new IllegalArgumentException("must not be less than " + least + seconds(form));
        }
        if (most != null && number > most) {
            throw new IllegalArgumentException("must not be more than " + most + seconds(form));
        }
    }

    private static String seconds(Argument.Form form) {
        return form == Argument.Form.DURATION ? "s" : "";
    }
}
