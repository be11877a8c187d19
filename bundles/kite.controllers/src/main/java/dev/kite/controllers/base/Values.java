package dev.kite.controllers.base;

import org.jspecify.annotations.Nullable;

/** Values as the API writes them: what is empty is left out, so that a computed status equals the stored one. */
public final class Values {
    private Values() {}

    /**
     * A number that is left out where it is 0.
     *
     * @param number the number
     * @return the number, or null
     */
    public static @Nullable Integer absent(int number) {
        return number == 0 ? null : number;
    }

    /**
     * A number that is left out where it is 0.
     *
     * @param number the number
     * @return the number, or null
     */
    public static @Nullable Long absent(long number) {
        return number == 0 ? null : number;
    }

    /**
     * A text that is left out where it is empty.
     *
     * @param text the text
     * @return the text, or null
     */
    public static @Nullable String absent(String text) {
        return text.isEmpty() ? null : text;
    }
}
