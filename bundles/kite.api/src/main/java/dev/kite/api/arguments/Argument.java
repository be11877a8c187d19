package dev.kite.api.arguments;

/**
 * One argument that upstream 1.36 has.
 *
 * @param name its name without hyphens before it
 * @param form how its value is written
 * @param bounds the values of the form that it takes: {@code 1..50}, {@code 1..} (durations in seconds) or {@code none|static}; empty for all
 * @param state what Kite does with it
 * @param note the test that proves it honoured (class, a dot, method), or why it has no meaning; empty where it is missing
 */
public record Argument(String name, Form form, String bounds, State state, String note) {
    /** How a value is written. */
    public enum Form {
        /** true or false; alone it is true. */
        FLAG,
        /** Any text. */
        TEXT,
        /** A whole number. */
        NUMBER,
        /** A number with a point. */
        DECIMAL,
        /** Go's duration: {@code 1h2m3.5s}. */
        DURATION,
        /** Words with commas between them; given twice, both lists. */
        LIST,
        /** {@code name=value} with commas between them; given twice, both. */
        MAP
    }

    /** What Kite does with an argument. */
    public enum State {
        /** It has upstream's effect. */
        HONOURED,
        /** It is accepted; what it sets does not exist here. */
        MEANINGLESS,
        /** It is accepted with a warning that it has no effect. */
        MISSING
    }
}
