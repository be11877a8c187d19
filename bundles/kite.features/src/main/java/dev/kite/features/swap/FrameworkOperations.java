package dev.kite.features.swap;

import dev.kite.features.catalog.BundleFile;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a swap does to the framework: its effects, and nothing decided here. Called by one thread at a time. Failures are {@link SwapFailure}s. */
public interface FrameworkOperations {
    /**
     * Finds a bundle.
     *
     * @param symbolicName its symbolic name
     * @param version its version
     * @return the bundle, or empty
     */
    Optional<RunningBundle> find(String symbolicName, String version);

    /**
     * Tells whether a bundle has a file's contents.
     *
     * @param bundle the bundle
     * @param file the file
     * @return whether it has
     */
    boolean same(RunningBundle bundle, BundleFile file);

    /**
     * Installs a bundle without starting it.
     *
     * @param file the bundle
     * @return what was installed
     */
    RunningBundle install(BundleFile file);

    /**
     * Resolves bundles, starting none.
     *
     * @param bundles the bundles
     * @return why they can't be, a line each; empty when they are resolved
     */
    List<String> resolve(List<RunningBundle> bundles);

    /**
     * Names the other bundles that are wired to these, directly or not: what a refresh of these would stop too.
     *
     * @param bundles the bundles
     * @return the others' labels
     */
    List<String> dependents(List<RunningBundle> bundles);

    /**
     * Starts a bundle; a fragment is left alone.
     *
     * @param bundle the bundle
     */
    void start(RunningBundle bundle);

    /**
     * Stops a bundle.
     *
     * @param bundle the bundle
     */
    void stop(RunningBundle bundle);

    /**
     * Uninstalls bundles and refreshes exactly them, so that their class loaders go.
     *
     * @param bundles the bundles
     */
    void remove(List<RunningBundle> bundles);

    /**
     * Sets a configuration.
     *
     * @param pid its PID
     * @param properties its properties
     */
    void configure(String pid, Map<String, Object> properties);

    /**
     * Removes a configuration, where there is one.
     *
     * @param pid its PID
     */
    void unconfigure(String pid);

    /**
     * Tells what a feature lacks to be well: bundles that don't run, components that are not satisfied or don't have their configuration yet, health checks that fail.
     *
     * @param feature the feature
     * @return empty when it is well
     */
    List<Ailment> ailments(RunningFeature feature);

    /**
     * Calls the feature's {@link dev.kite.api.feature.FeatureCleanup} services.
     *
     * @param feature the feature's name
     */
    void cleanUp(String feature);
}
