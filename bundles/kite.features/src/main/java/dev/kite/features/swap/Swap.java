package dev.kite.features.swap;

import dev.kite.features.catalog.BundleFile;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Does one plan: step by step, with what undoes each step at hand; until the commit a failure undoes all, after it what runs stays. Used once, by one thread.
 */
public final class Swap {
    /** What is told of while it goes on. */
    public enum Stage {
        /** Bundles are installed and resolved. */
        INSTALLING,
        /** The new one starts and is waited for. */
        STARTING,
        /** The old one is cleaned up and removed. */
        DISABLING
    }

    /** Is told of progress, and writes down what runs. */
    public interface Observer {
        /**
         * A stage begins.
         *
         * @param stage the stage
         */
        void stage(Stage stage);

        /**
         * Remembers durably what runs.
         *
         * @param running what runs now, null for nothing
         */
        void commit(@Nullable RunningFeature running);
    }

    private final SwapPlan plan;
    private final FrameworkOperations framework;
    private final HealthGate gate;
    private final Observer observer;
    private final Deque<Runnable> undo = new ArrayDeque<>();
    private final List<RunningBundle> installed = new ArrayList<>();
    private boolean touched;
    private boolean committed;

    /**
     * Makes a swap.
     *
     * @param plan the plan
     * @param framework what it is done to
     * @param gate waits for health
     * @param observer is told
     */
    public Swap(SwapPlan plan, FrameworkOperations framework, HealthGate gate, Observer observer) {
        this.plan = plan;
        this.framework = framework;
        this.gate = gate;
        this.observer = observer;
    }

    /**
     * Does the plan.
     *
     * @return how it ended
     * @throws InterruptedException if the thread is interrupted; all is as before then, unless it was committed
     */
    public SwapResult run() throws InterruptedException {
        List<String> remarks = new ArrayList<>();
        for (SwapStep step : plan.steps()) {
            try {
                perform(step);
            } catch (InterruptedException e) {
                if (!committed) {
                    rollBack();
                }
                throw e;
            } catch (RuntimeException e) {
                if (!committed) {
                    return rolledBack(reason(e));
                }
                remarks.add(reason(e));
            }
        }
        return new SwapResult.Done(wanted(), String.join("; ", remarks));
    }

    private SwapResult rolledBack(String reason) throws InterruptedException {
        List<String> troubles = rollBack();
        if (!touched) {
            return troubles.isEmpty() ? new SwapResult.Refused(reason) : broken(reason, troubles);
        }
        RunningFeature old = plan.old();
        if (troubles.isEmpty() && old != null) {
            try {
                gate.await(old);
            } catch (SwapFailure e) {
                troubles.add("the version before is " + e.getMessage());
            }
        }
        return troubles.isEmpty() ? new SwapResult.RolledBack(reason) : broken(reason, troubles);
    }

    private static SwapResult broken(String reason, List<String> troubles) {
        return new SwapResult.Broken(reason, String.join("; ", troubles));
    }

    private static String reason(RuntimeException e) {
        return e instanceof SwapFailure ? String.valueOf(e.getMessage()) : e.toString();
    }

    private void perform(SwapStep step) throws InterruptedException {
        switch (step) {
            case SwapStep.Install(List<BundleFile> files) -> install(files);
            case SwapStep.Resolve() -> resolve();
            case SwapStep.CheckClosure(List<RunningBundle> bundles) -> checkClosure(bundles);
            case SwapStep.Configure(Map<String, Map<String, Object>> wanted, Map<String, Map<String, Object>> before) ->
                configure(wanted, before);
            case SwapStep.CleanUp() -> {
                observer.stage(Stage.DISABLING);
                framework.cleanUp(plan.feature());
            }
            case SwapStep.Stop(List<RunningBundle> bundles) -> stop(bundles);
            case SwapStep.Start() -> start();
            case SwapStep.Gate() -> gate.await(required(wanted()));
            case SwapStep.Commit() -> {
                observer.commit(wanted());
                committed = true;
            }
            case SwapStep.Remove(List<RunningBundle> bundles, List<String> pids) -> {
                if (!bundles.isEmpty()) {
                    framework.remove(bundles);
                }
                pids.forEach(framework::unconfigure);
            }
        }
    }

    private void install(List<BundleFile> files) {
        observer.stage(Stage.INSTALLING);
        undo.push(() -> {
            if (!installed.isEmpty()) {
                framework.remove(List.copyOf(installed));
            }
        });
        files.forEach(file -> installed.add(framework.install(file)));
    }

    private void resolve() {
        List<String> reasons = framework.resolve(List.copyOf(installed));
        if (!reasons.isEmpty()) {
            throw new SwapFailure("cannot be resolved: " + String.join("; ", reasons));
        }
    }

    private void checkClosure(List<RunningBundle> bundles) {
        List<String> others = framework.dependents(bundles);
        if (!others.isEmpty()) {
            throw new SwapFailure("would stop bundles that are not its own: " + String.join(", ", others));
        }
    }

    private void configure(Map<String, Map<String, Object>> wanted, Map<String, Map<String, Object>> before) {
        touched |= !wanted.equals(before);
        wanted.forEach((pid, properties) -> {
            undo.push(() -> {
                Map<String, Object> old = before.get(pid);
                if (old == null) {
                    framework.unconfigure(pid);
                } else {
                    framework.configure(pid, old);
                }
            });
            framework.configure(pid, properties);
        });
    }

    private void stop(List<RunningBundle> bundles) {
        if (plan.wanted() == null) {
            observer.stage(Stage.DISABLING);
        }
        touched = true;
        for (RunningBundle bundle : bundles) {
            undo.push(() -> framework.start(bundle));
            framework.stop(bundle);
        }
    }

    private void start() {
        observer.stage(Stage.STARTING);
        touched = true;
        for (RunningBundle bundle : required(wanted()).own()) {
            if (installed.contains(bundle)) {
                undo.push(() -> framework.stop(bundle));
            }
            framework.start(bundle);
        }
    }

    /** The wanted feature with what was installed for it, in the feature file's order as far as it was installed now. */
    private @Nullable RunningFeature wanted() {
        RunningFeature wanted = plan.wanted();
        if (wanted == null || installed.isEmpty()) {
            return wanted;
        }
        List<RunningBundle> own = new ArrayList<>(wanted.own());
        own.addAll(installed);
        return new RunningFeature(wanted.name(), wanted.version(), wanted.digest(), own, wanted.configurations());
    }

    private static RunningFeature required(@Nullable RunningFeature feature) {
        if (feature == null) {
            throw new IllegalStateException("a plan that ends a feature starts nothing");
        }
        return feature;
    }

    /** Undoes what was done, last first, all of it whatever happens. */
    private List<String> rollBack() {
        List<String> troubles = new ArrayList<>();
        while (!undo.isEmpty()) {
            try {
                undo.pop().run();
            } catch (RuntimeException e) {
                troubles.add(reason(e));
            }
        }
        return troubles;
    }
}
