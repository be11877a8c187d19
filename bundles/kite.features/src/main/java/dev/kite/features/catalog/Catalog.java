package dev.kite.features.catalog;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The features there were at one moment. Immutable. */
public final class Catalog {
    private final Map<String, NavigableMap<FeatureVersion, FeaturePackage>> features = new TreeMap<>();
    private final List<String> problems;

    Catalog(List<FeaturePackage> packages, List<String> problems) {
        // The first of equal versions is kept: the packaged one.
        for (FeaturePackage each : packages) {
            features.computeIfAbsent(each.name(), name -> new TreeMap<>()).putIfAbsent(each.version(), each);
        }
        this.problems = List.copyOf(problems);
    }

    /** @return the features' names, sorted */
    public Set<String> names() {
        return Collections.unmodifiableSet(new TreeSet<>(features.keySet()));
    }

    /** @return one line for each file that could not be read */
    public List<String> problems() {
        return problems;
    }

    /**
     * Lists a feature's versions.
     *
     * @param name the feature
     * @return its versions, the newest last
     */
    public List<String> versions(String name) {
        List<String> versions = new ArrayList<>();
        packages(name).keySet().forEach(version -> versions.add(version.text()));
        return versions;
    }

    /**
     * Finds a feature.
     *
     * @param name its name
     * @param version the version, empty for the newest
     * @return the feature, or empty
     */
    public Optional<FeaturePackage> find(String name, String version) {
        NavigableMap<FeatureVersion, FeaturePackage> packages = packages(name);
        if (version.isEmpty()) {
            return packages.isEmpty()
                    ? Optional.empty()
                    : Optional.of(packages.lastEntry().getValue());
        }
        return packages.values().stream()
                .filter(each -> each.version().text().equals(version))
                .findFirst();
    }

    private NavigableMap<FeatureVersion, FeaturePackage> packages(String name) {
        NavigableMap<FeatureVersion, FeaturePackage> found = features.get(name);
        return found == null ? Collections.emptyNavigableMap() : found;
    }
}
