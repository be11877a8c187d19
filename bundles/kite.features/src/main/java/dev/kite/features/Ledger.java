package dev.kite.features;

import dev.kite.features.state.FeatureEntry;
import dev.kite.features.state.FeatureEntry.Attempt;
import dev.kite.features.state.FeatureEntry.Refusal;
import dev.kite.features.state.StateFile;
import dev.kite.features.swap.RunningBundle;
import dev.kite.features.swap.RunningFeature;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is written down of each feature's life: what runs, what was begun, what was rolled back. Not thread-safe. */
final class Ledger {
    /** A process that ends while a version starts may have ended by it, or by a power cut: this often it may have been the power. */
    private static final int MOST_ATTEMPTS = 3;

    private final StateFile state;

    Ledger(StateFile state) {
        this.state = state;
    }

    FeatureEntry entry(String name) {
        return state.get(name);
    }

    Map<String, FeatureEntry> all() {
        return state.all();
    }

    /**
     * Tells why a change is not to be tried.
     *
     * @param name the feature
     * @param key names the change
     * @param version the version that it leads to, for people
     * @return why, or null
     */
    @Nullable
    String held(String name, String key, String version) {
        FeatureEntry entry = state.get(name);
        Refusal refusal = entry.refusal();
        if (refusal != null && refusal.key().equals(key)) {
            return refusal.message();
        }
        Attempt attempt = entry.attempt();
        if (attempt != null && attempt.key().equals(key) && attempt.count() >= MOST_ATTEMPTS) {
            return "the server ended " + attempt.count() + " times while version " + version
                    + " was starting; it is held until it is enabled again";
        }
        return null;
    }

    /** A change begins. */
    void begin(String name, String key) {
        FeatureEntry entry = state.get(name);
        Attempt attempt = entry.attempt();
        int count = attempt != null && attempt.key().equals(key) ? attempt.count() : 0;
        state.put(name, entry.with(new Attempt(key, count + 1)));
    }

    /** A change has ended, and all is as before. */
    void ended(String name) {
        state.put(name, state.get(name).with((Attempt) null));
    }

    /** A change has ended, and is not to be tried again. */
    void refuse(String name, String key, String message) {
        state.put(name, state.get(name).with(new Refusal(key, message)));
    }

    /**
     * A version runs and is healthy.
     *
     * @param runs what runs
     * @param settings the user's settings
     * @param restoring whether it is only what ran before: then what is held against a newer one stays
     */
    void commit(RunningFeature runs, Map<String, Object> settings, boolean restoring) {
        FeatureEntry before = state.get(runs.name());
        String previous = before.version().equals(runs.version()) ? before.previousVersion() : before.version();
        state.put(
                runs.name(),
                new FeatureEntry(
                        true,
                        runs.version(),
                        previous,
                        runs.digest(),
                        settings,
                        runs.own().stream().map(RunningBundle::label).toList(),
                        restoring ? before.attempt() : null,
                        restoring ? before.refusal() : null));
    }

    /** A feature is off, and nothing is held against it: enabling it again is a new request. */
    void off(String name) {
        FeatureEntry entry = state.get(name);
        if (!entry.equals(FeatureEntry.NONE)) {
            state.put(
                    name,
                    new FeatureEntry(
                            false,
                            entry.version(),
                            entry.previousVersion(),
                            entry.digest(),
                            entry.configuration(),
                            List.of(),
                            null,
                            null));
        }
    }
}
