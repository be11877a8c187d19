package dev.kite.features.swap;

import dev.kite.features.catalog.BundleFile;
import dev.kite.features.catalog.FeaturePackage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What to do to get from what runs to what is wanted: computed from values alone.
 *
 * @param feature the feature's name
 * @param old what runs, or null
 * @param wanted the wanted feature once its bundles are installed: those that run already are in it, those to install are added by {@link SwapStep.Install}; null for none
 * @param steps the steps, in order
 */
public record SwapPlan(
        String feature,
        @Nullable RunningFeature old,
        @Nullable RunningFeature wanted,
        List<SwapStep> steps) {
    /** What is in the framework already under a wanted bundle's name and version. */
    public record Present(RunningBundle bundle, boolean sameContents) {}

    /**
     * Plans a feature's start, or its swap for another version or configuration.
     *
     * @param old what runs of it, or null
     * @param target what is wanted
     * @param configurations the wanted configurations by PID
     * @param present the target's bundles that are in the framework already
     * @param others all other features that run
     * @return the plan
     * @throws SwapFailure if a bundle of the same name and version has other contents
     */
    public static SwapPlan swap(
            @Nullable RunningFeature old,
            FeaturePackage target,
            Map<String, Map<String, Object>> configurations,
            Map<BundleFile, Present> present,
            List<RunningFeature> others) {
        List<BundleFile> install = new ArrayList<>();
        List<RunningBundle> kept = new ArrayList<>();
        Set<RunningBundle> oldOwn = old == null ? Set.of() : new HashSet<>(old.own());
        for (BundleFile file : target.bundles()) {
            Present there = present.get(file);
            if (there == null) {
                install.add(file);
            } else if (!there.sameContents()) {
                throw new SwapFailure(
                        file.label() + " is installed with other contents; give the changed bundle a new version");
            } else if (oldOwn.contains(there.bundle()) || owned(others, there.bundle())) {
                kept.add(there.bundle());
            }
        }
        List<RunningBundle> leaving = leaving(old, kept, others);
        RunningFeature wanted =
                new RunningFeature(target.name(), target.version().text(), target.digest(), kept, configurations);
        Map<String, Map<String, Object>> before = old == null ? Map.of() : old.configurations();
        List<SwapStep> steps = new ArrayList<>();
        if (!install.isEmpty()) {
            steps.add(new SwapStep.Install(List.copyOf(install)));
            steps.add(new SwapStep.Resolve());
        }
        addUnlessEmpty(steps, leaving, new SwapStep.CheckClosure(leaving));
        if (!target.beside()) {
            addUnlessEmpty(steps, leaving, new SwapStep.Stop(leaving.reversed()));
        }
        steps.add(new SwapStep.Configure(configurations, before));
        steps.add(new SwapStep.Start());
        steps.add(new SwapStep.Gate());
        steps.add(new SwapStep.Commit());
        if (target.beside()) {
            addUnlessEmpty(steps, leaving, new SwapStep.Stop(leaving.reversed()));
        }
        steps.add(new SwapStep.Remove(leaving, unwanted(before, configurations)));
        return new SwapPlan(target.name(), old, wanted, List.copyOf(steps));
    }

    /**
     * Plans a feature's end.
     *
     * @param old what runs of it
     * @param others all other features that run
     * @return the plan
     */
    public static SwapPlan disable(RunningFeature old, List<RunningFeature> others) {
        List<RunningBundle> leaving = leaving(old, List.of(), others);
        return new SwapPlan(
                old.name(),
                old,
                null,
                List.of(
                        new SwapStep.CheckClosure(leaving),
                        new SwapStep.CleanUp(),
                        new SwapStep.Stop(leaving.reversed()),
                        new SwapStep.Commit(),
                        new SwapStep.Remove(
                                leaving, List.copyOf(old.configurations().keySet()))));
    }

    private static List<RunningBundle> leaving(
            @Nullable RunningFeature old, List<RunningBundle> kept, List<RunningFeature> others) {
        List<RunningBundle> leaving = new ArrayList<>();
        for (RunningBundle bundle : old == null ? List.<RunningBundle>of() : old.own()) {
            if (!kept.contains(bundle) && !owned(others, bundle)) {
                leaving.add(bundle);
            }
        }
        return List.copyOf(leaving);
    }

    private static boolean owned(List<RunningFeature> features, RunningBundle bundle) {
        return features.stream().anyMatch(feature -> feature.own().contains(bundle));
    }

    private static List<String> unwanted(
            Map<String, Map<String, Object>> before, Map<String, Map<String, Object>> wanted) {
        Map<String, Map<String, Object>> rest = new TreeMap<>(before);
        rest.keySet().removeAll(wanted.keySet());
        return List.copyOf(rest.keySet());
    }

    private static void addUnlessEmpty(List<SwapStep> steps, List<RunningBundle> bundles, SwapStep step) {
        if (!bundles.isEmpty()) {
            steps.add(step);
        }
    }
}
