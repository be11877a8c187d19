package dev.kite.features.swap;

/**
 * Something that a feature lacks to be well.
 *
 * @param text one line for people
 * @param lasting whether waiting won't help: a component whose activation threw is not activated again by itself
 */
public record Ailment(String text, boolean lasting) {
    /**
     * One that may pass.
     *
     * @param text one line for people
     * @return the ailment
     */
    public static Ailment passing(String text) {
        return new Ailment(text, false);
    }

    @Override
    public String toString() {
        return text;
    }
}
