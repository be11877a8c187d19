package dev.kite.features.catalog;

import java.util.List;
import java.util.Map;

/**
 * One version of a feature as it lies on disk: an OSGi feature file and its jars.
 *
 * @param name the feature's name, as a Feature object's
 * @param version its version
 * @param description one line for people
 * @param bundles its bundles, in the order of their start
 * @param configurations its configurations by PID
 * @param beside whether a new version may start beside the old one; else the old one is stopped first
 * @param digest SHA-256 of the feature file and all jars, in hexadecimal
 */
public record FeaturePackage(
        String name,
        FeatureVersion version,
        String description,
        List<BundleFile> bundles,
        Map<String, Map<String, Object>> configurations,
        boolean beside,
        String digest) {
    /** Copies the collections. */
    public FeaturePackage {
        bundles = List.copyOf(bundles);
        configurations = Map.copyOf(configurations);
    }

    /** @return the PID that the user's own configuration of the feature goes to */
    public String pid() {
        return "kite.feature." + name;
    }
}
