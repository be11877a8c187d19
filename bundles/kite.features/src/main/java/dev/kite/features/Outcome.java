package dev.kite.features;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a feature is after it was looked after.
 *
 * @param phase its phase
 * @param version the version that runs, empty for none
 * @param previousVersion the version before, empty for none
 * @param message why it is not as wanted, empty where it is
 * @param bundles its own bundles
 * @param retry when to try again by oneself, or null
 */
public record Outcome(
        Phase phase,
        String version,
        String previousVersion,
        String message,
        List<String> bundles,
        @Nullable Duration retry) {
    /** Copies the list. */
    public Outcome {
        bundles = List.copyOf(bundles);
    }
}
