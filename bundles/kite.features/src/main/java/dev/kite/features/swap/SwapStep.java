package dev.kite.features.swap;

import dev.kite.features.catalog.BundleFile;
import java.util.List;
import java.util.Map;

/** One step of a plan. */
public sealed interface SwapStep {
    /**
     * Install, starting nothing.
     *
     * @param files the bundles
     */
    record Install(List<BundleFile> files) implements SwapStep {}

    /** Resolve what was installed. */
    record Resolve() implements SwapStep {}

    /**
     * Refuse if others are wired to these bundles.
     *
     * @param bundles what will be removed
     */
    record CheckClosure(List<RunningBundle> bundles) implements SwapStep {}

    /**
     * Set configurations.
     *
     * @param wanted by PID
     * @param before what they were, to be put back
     */
    record Configure(Map<String, Map<String, Object>> wanted, Map<String, Map<String, Object>> before)
            implements SwapStep {}

    /** Let the feature remove what it owns outside the framework. */
    record CleanUp() implements SwapStep {}

    /**
     * Stop bundles.
     *
     * @param bundles in the order of their stopping
     */
    record Stop(List<RunningBundle> bundles) implements SwapStep {}

    /** Start what was installed, in the feature's order. */
    record Start() implements SwapStep {}

    /** Wait until the feature is well. */
    record Gate() implements SwapStep {}

    /** Remember on disk that this is what runs. */
    record Commit() implements SwapStep {}

    /**
     * Remove bundles, and configurations that are no longer wanted.
     *
     * @param bundles the bundles
     * @param pids the configurations
     */
    record Remove(List<RunningBundle> bundles, List<String> pids) implements SwapStep {}
}
