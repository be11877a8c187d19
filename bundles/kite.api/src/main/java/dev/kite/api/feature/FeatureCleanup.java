package dev.kite.api.feature;

/**
 * What a feature leaves in the cluster or the kernel, and removes when it is disabled for good. A service of the feature's bundle; called before its
 * bundles stop, never for an update (DESIGN, decision 7).
 */
public interface FeatureCleanup {
    /** @return the feature's name */
    String feature();

    /**
     * Removes API objects, kernel tables and files that the feature owns, except the user's data. Called again if it failed; so idempotent.
     *
     * @throws Exception if something could not be removed: the feature stays Disabling with this message
     */
    void remove() throws Exception;
}
