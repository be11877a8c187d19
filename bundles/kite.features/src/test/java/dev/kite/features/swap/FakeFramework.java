package dev.kite.features.swap;

import dev.kite.features.catalog.BundleFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A framework of names: what is installed, what runs, what was configured; and a step that fails. */
final class FakeFramework implements FrameworkOperations {
    final Map<Long, RunningBundle> installed = new LinkedHashMap<>();
    final Set<String> active = new TreeSet<>();
    final Map<String, Map<String, Object>> configurations = new TreeMap<>();
    final List<String> log = new ArrayList<>();
    final List<String> guests = new ArrayList<>();
    String failing = "";
    String sick = "";
    private long next = 1;

    private void step(String step) {
        log.add(step);
        if (step.equals(failing)) {
            failing = "";
            throw new SwapFailure(step + " failed");
        }
    }

    @Override
    public Optional<RunningBundle> find(String symbolicName, String version) {
        return installed.values().stream()
                .filter(bundle -> bundle.symbolicName().equals(symbolicName)
                        && bundle.version().equals(version))
                .findFirst();
    }

    @Override
    public boolean same(RunningBundle bundle, BundleFile file) {
        return true;
    }

    @Override
    public RunningBundle install(BundleFile file) {
        step("install " + file.label());
        RunningBundle bundle = new RunningBundle(next++, file.symbolicName(), file.version());
        installed.put(bundle.id(), bundle);
        return bundle;
    }

    @Override
    public List<String> resolve(List<RunningBundle> bundles) {
        log.add("resolve");
        return failing.equals("resolve") ? List.of("misses a package") : List.of();
    }

    @Override
    public List<String> dependents(List<RunningBundle> bundles) {
        return guests;
    }

    @Override
    public void start(RunningBundle bundle) {
        step("start " + bundle.label());
        active.add(bundle.label());
    }

    @Override
    public void stop(RunningBundle bundle) {
        step("stop " + bundle.label());
        active.remove(bundle.label());
    }

    @Override
    public void remove(List<RunningBundle> bundles) {
        bundles.forEach(bundle -> {
            step("remove " + bundle.label());
            installed.remove(bundle.id());
            active.remove(bundle.label());
        });
    }

    @Override
    public void configure(String pid, Map<String, Object> properties) {
        step("configure " + pid);
        configurations.put(pid, properties);
    }

    @Override
    public void unconfigure(String pid) {
        configurations.remove(pid);
    }

    @Override
    public List<Ailment> ailments(RunningFeature feature) {
        return feature.version().equals(sick) ? List.of(new Ailment("is sick", true)) : List.of();
    }

    @Override
    public void cleanUp(String feature) {
        step("clean up " + feature);
    }
}
