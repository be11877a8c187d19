package dev.kite.features;

import dev.kite.features.catalog.BundleFile;
import dev.kite.features.catalog.Catalog;
import dev.kite.features.catalog.Digests;
import dev.kite.features.catalog.FeatureCatalog;
import dev.kite.features.catalog.FeatureException;
import dev.kite.features.catalog.FeaturePackage;
import dev.kite.features.catalog.Settings;
import dev.kite.features.state.FeatureEntry;
import dev.kite.features.state.StateFile;
import dev.kite.features.swap.FrameworkOperations;
import dev.kite.features.swap.HealthGate;
import dev.kite.features.swap.RunningBundle;
import dev.kite.features.swap.RunningFeature;
import dev.kite.features.swap.Swap;
import dev.kite.features.swap.SwapFailure;
import dev.kite.features.swap.SwapPlan;
import dev.kite.features.swap.SwapResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What runs, and how it becomes what is wanted. Level, not edge: {@link #apply} may be called at any time with the same wish and does nothing then. One call at a
 * time: swaps do not overlap.
 */
public final class FeatureManager {
    private static final Logger LOG = LoggerFactory.getLogger(FeatureManager.class);

    private static final Duration FIRST_RETRY = Duration.ofSeconds(15);
    private static final int MOST_DOUBLINGS = 5;

    private final FeatureCatalog catalog;
    private final Ledger ledger;
    private final FrameworkOperations framework;
    private final HealthGate gate;
    private final Map<String, RunningFeature> running = new HashMap<>();
    private final Map<String, Integer> failures = new HashMap<>();

    /**
     * Takes over what the framework holds already of the features that the state names.
     *
     * @param catalog the features there are
     * @param state what ran
     * @param framework where they run
     * @param patience how long a feature may take to become healthy
     */
    public FeatureManager(FeatureCatalog catalog, StateFile state, FrameworkOperations framework, Duration patience) {
        this.catalog = catalog;
        this.ledger = new Ledger(state);
        this.framework = framework;
        this.gate = new HealthGate(framework, patience);
        ledger.all().forEach(this::adopt);
    }

    /** The framework's storage is made anew at each start: what is there of a feature was started by a manager before this one in the same process. */
    private void adopt(String name, FeatureEntry entry) {
        List<RunningBundle> own = new ArrayList<>();
        for (String label : entry.own()) {
            int space = label.indexOf(' ');
            Optional<RunningBundle> found = space < 0
                    ? Optional.empty()
                    : framework.find(label.substring(0, space), label.substring(space + 1));
            found.ifPresent(own::add);
        }
        if (entry.enabled() && !own.isEmpty() && own.size() == entry.own().size()) {
            Map<String, Map<String, Object>> configurations = catalog.read()
                    .find(name, entry.version())
                    .map(each -> Configurations.of(each, entry.configuration()))
                    .orElse(Map.of());
            running.put(name, new RunningFeature(name, entry.version(), entry.digest(), own, configurations));
        }
    }

    /** @return the names of all features that there are, or that ran */
    public synchronized Set<String> names() {
        Set<String> names = new TreeSet<>(ledger.all().keySet());
        Catalog now = catalog.read();
        now.problems().forEach(problem -> LOG.warn("features: {}", problem));
        names.addAll(now.names());
        return names;
    }

    /** @return name and version of each feature that runs, sorted */
    public synchronized List<String> enabled() {
        return new TreeMap<>(running)
                .values().stream()
                        .map(each -> each.name() + " " + each.version())
                        .toList();
    }

    /**
     * Tells whether there is a feature.
     *
     * @param name its name
     * @return whether the catalog has it
     */
    public synchronized boolean packaged(String name) {
        return catalog.read().names().contains(name);
    }

    /**
     * Brings a feature to what is wanted.
     *
     * @param desired what is wanted
     * @param progress told of the phases in between
     * @return how it is now
     * @throws InterruptedException if the thread is interrupted; the feature runs as before then
     */
    public synchronized Outcome apply(Desired desired, Consumer<Phase> progress) throws InterruptedException {
        Outcome outcome;
        try {
            outcome = desired.enabled() ? enable(desired, progress) : disable(desired, progress);
        } catch (FeatureException e) {
            outcome = unchanged(desired.name(), String.valueOf(e.getMessage()), retry(desired.name()));
        }
        if (outcome.retry() == null) {
            failures.remove(desired.name());
        }
        return outcome;
    }

    private Outcome enable(Desired desired, Consumer<Phase> progress) throws InterruptedException {
        String name = desired.name();
        Catalog now = catalog.read();
        Map<String, Object> settings;
        try {
            settings = Settings.of(desired.configuration(), "spec.configuration");
        } catch (FeatureException e) {
            return unchanged(name, String.valueOf(e.getMessage()), null);
        }
        FeaturePackage wanted = now.find(name, desired.version()).orElse(null);
        if (wanted == null) {
            restore(name, now);
            return unchanged(name, absent(desired, now), null);
        }
        Map<String, Map<String, Object>> configurations = Configurations.of(wanted, settings);
        if (!remembered(name, wanted, configurations)) {
            restore(name, now);
        }
        RunningFeature runs = running.get(name);
        if (runs != null
                && runs.digest().equals(wanted.digest())
                && Configurations.equal(runs.configurations(), configurations)) {
            return outcome(name, Phase.ENABLED, "", null);
        }
        String key = Digests.of(wanted.digest() + Configurations.revision(configurations) + desired.request());
        String held = ledger.held(name, key, wanted.version().text());
        if (held != null) {
            return unchanged(name, held, null);
        }
        return swap(name, wanted, settings, key, progress);
    }

    private static String absent(Desired desired, Catalog now) {
        List<String> versions = now.versions(desired.name());
        String message = versions.isEmpty()
                ? "there is no feature of this name; there are: " + String.join(", ", now.names())
                : "there is no version " + desired.version() + "; there are: " + String.join(", ", versions);
        return now.problems().isEmpty() ? message : message + "; " + String.join("; ", now.problems());
    }

    /** Whether what is wanted is what ran when the server ended: then there is nothing to restore before it. */
    private boolean remembered(String name, FeaturePackage wanted, Map<String, Map<String, Object>> configurations) {
        FeatureEntry entry = ledger.entry(name);
        return entry.digest().equals(wanted.digest())
                && Configurations.equal(Configurations.of(wanted, entry.configuration()), configurations);
    }

    private Outcome swap(
            String name, FeaturePackage wanted, Map<String, Object> settings, String key, Consumer<Phase> progress)
            throws InterruptedException {
        ledger.begin(name, key);
        SwapResult result;
        try {
            result = run(wanted, settings, progress, false);
        } catch (InterruptedException e) {
            ledger.ended(name);
            throw e;
        }
        return switch (result) {
            case SwapResult.Done(RunningFeature runs, String remark) -> outcome(name, Phase.ENABLED, remark, null);
            case SwapResult.Refused(String reason) -> failed(name, wanted, key, reason);
            case SwapResult.RolledBack(String reason) -> failed(name, wanted, key, reason);
            case SwapResult.Broken(String reason, String trouble) -> {
                ledger.ended(name);
                String message = "version " + wanted.version() + " " + reason
                        + "; and the version before could not be put back: " + trouble;
                yield outcome(name, Phase.FAILED, message, retry(name));
            }
        };
    }

    /** Where an older version runs, a failed change is not tried again until asked for; where nothing runs, it is tried again. */
    private Outcome failed(String name, FeaturePackage wanted, String key, String reason) {
        String message = "version " + wanted.version() + " " + reason;
        if (running.containsKey(name)) {
            ledger.refuse(name, key, message);
            return outcome(name, Phase.ROLLED_BACK, message, null);
        }
        ledger.ended(name);
        return outcome(name, Phase.FAILED, message, retry(name));
    }

    private Duration retry(String name) {
        int count = failures.merge(name, 1, Integer::sum);
        return FIRST_RETRY.multipliedBy(1L << Math.min(count - 1, MOST_DOUBLINGS));
    }

    private Outcome unchanged(String name, String message, @Nullable Duration retry) {
        return outcome(name, running.containsKey(name) ? Phase.ROLLED_BACK : Phase.FAILED, message, retry);
    }

    private Outcome outcome(String name, Phase phase, String message, @Nullable Duration retry) {
        RunningFeature runs = running.get(name);
        List<String> bundles = runs == null
                ? List.of()
                : runs.own().stream().map(RunningBundle::label).toList();
        String version = runs == null ? "" : runs.version();
        return new Outcome(phase, version, ledger.entry(name).previousVersion(), message, bundles, retry);
    }

    /** Starts again what ran when the server ended, where that is still there unchanged. */
    private void restore(String name, Catalog now) throws InterruptedException {
        FeatureEntry entry = ledger.entry(name);
        if (running.containsKey(name) || !entry.enabled()) {
            return;
        }
        FeaturePackage last = now.find(name, entry.version()).orElse(null);
        if (last == null || !last.digest().equals(entry.digest())) {
            // As after an update of Kite itself: the new distribution brings the new version only.
            LOG.debug("features: {} {}, which ran last, is no longer there as it was", name, entry.version());
            return;
        }
        SwapResult result = run(last, entry.configuration(), phase -> {}, true);
        if (!(result instanceof SwapResult.Done)) {
            LOG.warn("features: {} {}, which ran last, did not start: {}", name, entry.version(), result);
        }
    }

    private SwapResult run(
            FeaturePackage wanted, Map<String, Object> settings, Consumer<Phase> progress, boolean restoring)
            throws InterruptedException {
        String name = wanted.name();
        SwapPlan plan;
        try {
            plan = SwapPlan.swap(
                    running.get(name), wanted, Configurations.of(wanted, settings), present(wanted), others(name));
        } catch (SwapFailure e) {
            return new SwapResult.Refused(String.valueOf(e.getMessage()));
        }
        SwapResult result = new Swap(plan, framework, gate, new Swap.Observer() {
                    @Override
                    public void stage(Swap.Stage stage) {
                        progress.accept(phase(stage));
                    }

                    @Override
                    public void commit(@Nullable RunningFeature runs) {
                        if (runs != null) {
                            ledger.commit(runs, settings, restoring);
                            running.put(name, runs);
                        }
                    }
                })
                .run();
        LOG.debug("features: {} {}: {}", name, wanted.version(), result);
        return result;
    }

    private static Phase phase(Swap.Stage stage) {
        return switch (stage) {
            case INSTALLING -> Phase.INSTALLING;
            case STARTING -> Phase.STARTING;
            case DISABLING -> Phase.DISABLING;
        };
    }

    private Map<BundleFile, SwapPlan.Present> present(FeaturePackage wanted) {
        Map<BundleFile, SwapPlan.Present> present = new LinkedHashMap<>();
        for (BundleFile file : wanted.bundles()) {
            framework
                    .find(file.symbolicName(), file.version())
                    .ifPresent(bundle -> present.put(file, new SwapPlan.Present(bundle, framework.same(bundle, file))));
        }
        return present;
    }

    private List<RunningFeature> others(String name) {
        Map<String, RunningFeature> others = new TreeMap<>(running);
        others.remove(name);
        return List.copyOf(others.values());
    }

    private void startToCleanUp(String name) throws InterruptedException {
        Catalog now = catalog.read();
        restore(name, now);
        FeaturePackage newest = now.find(name, "").orElse(null);
        if (!running.containsKey(name) && newest != null) {
            SwapResult result = run(newest, Map.of(), phase -> {}, true);
            LOG.debug("features: {} {} to clean up: {}", name, newest.version(), result);
        }
    }

    private Outcome disable(Desired desired, Consumer<Phase> progress) throws InterruptedException {
        String name = desired.name();
        FeatureEntry entry = ledger.entry(name);
        String remark = "";
        if (!running.containsKey(name) && entry.enabled()) {
            // It ran when the server ended: what it owns in the cluster is removed by itself, so it starts once more.
            startToCleanUp(name);
            remark = running.containsKey(name)
                    ? ""
                    : "what it owns in the cluster is left: it could not be started to remove it";
        }
        RunningFeature runs = running.get(name);
        if (runs == null) {
            ledger.off(name);
            return outcome(name, Phase.DISABLED, remark, null);
        }
        SwapResult result = new Swap(SwapPlan.disable(runs, others(name)), framework, gate, new Swap.Observer() {
                    @Override
                    public void stage(Swap.Stage stage) {
                        progress.accept(phase(stage));
                    }

                    @Override
                    public void commit(@Nullable RunningFeature none) {
                        ledger.off(name);
                        running.remove(name);
                    }
                })
                .run();
        return switch (result) {
            case SwapResult.Done(RunningFeature none, String left) -> outcome(name, Phase.DISABLED, left, null);
            case SwapResult.Refused(String reason) -> outcome(name, Phase.DISABLING, reason, retry(name));
            case SwapResult.RolledBack(String reason) -> outcome(name, Phase.DISABLING, reason, retry(name));
            case SwapResult.Broken(String reason, String trouble) ->
                outcome(name, Phase.DISABLING, reason + "; " + trouble, retry(name));
        };
    }
}
