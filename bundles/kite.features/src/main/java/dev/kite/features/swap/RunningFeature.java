package dev.kite.features.swap;

import java.util.List;
import java.util.Map;

/**
 * A feature in the framework.
 *
 * @param name its name
 * @param version its version
 * @param digest its package's digest
 * @param own its bundles, in the order of their start, but for those that the core brings
 * @param configurations its configurations by PID
 */
public record RunningFeature(
        String name,
        String version,
        String digest,
        List<RunningBundle> own,
        Map<String, Map<String, Object>> configurations) {
    /** Copies the collections. */
    public RunningFeature {
        own = List.copyOf(own);
        configurations = Map.copyOf(configurations);
    }
}
