package dev.kite.features;

/** A feature's phase. */
public enum Phase {
    /** It does not run, and nothing of it is left. */
    DISABLED("Disabled"),
    /** Its bundles are installed. */
    INSTALLING("Installing"),
    /** Its bundles start. */
    STARTING("Starting"),
    /** It runs and was healthy. */
    ENABLED("Enabled"),
    /** It is cleaned up and removed. */
    DISABLING("Disabling"),
    /** It does not run although it should. */
    FAILED("Failed"),
    /** It runs as it did before a change that failed. */
    ROLLED_BACK("RolledBack");

    private final String word;

    Phase(String word) {
        this.word = word;
    }

    /** @return the word in the API */
    public String word() {
        return word;
    }
}
