package dev.kite.features.state;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a feature. Immutable.
 *
 * @param enabled whether it runs, or did when the server ended
 * @param version the version that was last found healthy, empty for none yet
 * @param previousVersion the one before it, empty for none
 * @param digest digest of that version's package
 * @param configuration its settings then
 * @param own symbolic names and versions of its bundles
 * @param attempt a start that was begun and has not ended, or null
 * @param refusal the change that was rolled back last, or null
 */
public record FeatureEntry(
        boolean enabled,
        String version,
        String previousVersion,
        String digest,
        Map<String, Object> configuration,
        List<String> own,
        @Nullable Attempt attempt,
        @Nullable Refusal refusal) {
    /** Of a feature that never ran. */
    public static final FeatureEntry NONE = new FeatureEntry(false, "", "", "", Map.of(), List.of(), null, null);

    /**
     * A start that was begun.
     *
     * @param key names what was to be started
     * @param count how often it was begun without an end
     */
    public record Attempt(String key, int count) {}

    /**
     * A change that was rolled back: not tried again until something else is asked for.
     *
     * @param key names what was asked for
     * @param message why
     */
    public record Refusal(String key, String message) {}

    /** Copies the collections. */
    public FeatureEntry {
        configuration = java.util.Collections.unmodifiableMap(new TreeMap<>(configuration));
        own = List.copyOf(own);
    }

    /**
     * Another attempt.
     *
     * @param next the attempt, null for none
     * @return the entry with it
     */
    public FeatureEntry with(@Nullable Attempt next) {
        return new FeatureEntry(enabled, version, previousVersion, digest, configuration, own, next, refusal);
    }

    /**
     * Another refusal, and no attempt.
     *
     * @param next the refusal, null for none
     * @return the entry with it
     */
    public FeatureEntry with(@Nullable Refusal next) {
        return new FeatureEntry(enabled, version, previousVersion, digest, configuration, own, null, next);
    }
}
