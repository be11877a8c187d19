package dev.kite.features;

import dev.kite.features.catalog.Digests;
import dev.kite.features.catalog.FeaturePackage;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A feature's configurations by PID: those of its feature file, with the user's settings over that of its own PID, {@code kite.feature.NAME}. Each carries its
 * revision, so that it can be seen when a component has taken it up.
 */
final class Configurations {
    private static final String REVISION = ".kite.revision";

    private Configurations() {}

    static Map<String, Map<String, Object>> of(FeaturePackage feature, Map<String, Object> settings) {
        Map<String, Map<String, Object>> all = new TreeMap<>();
        feature.configurations().forEach((pid, properties) -> all.put(pid, new TreeMap<>(properties)));
        all.computeIfAbsent(feature.pid(), pid -> new TreeMap<>()).putAll(settings);
        all.values().forEach(properties -> properties.put(REVISION, digest(properties)));
        return all;
    }

    private static String digest(Map<String, Object> properties) {
        StringBuilder text = new StringBuilder();
        properties.forEach((key, value) -> text.append(key.length())
                .append(key)
                .append('=')
                .append(value.getClass().getSimpleName())
                .append(value instanceof Object[] array ? Arrays.toString(array) : value)
                .append('\n'));
        return Digests.of(text.toString()).substring(0, 16);
    }

    /** Names a set of configurations by its contents. */
    static String revision(Map<String, Map<String, Object>> configurations) {
        Map<String, @Nullable Object> revisions = new TreeMap<>();
        configurations.forEach((pid, properties) -> revisions.put(pid, properties.get(REVISION)));
        return revisions.toString();
    }

    static boolean equal(Map<String, Map<String, Object>> one, Map<String, Map<String, Object>> other) {
        return revision(one).equals(revision(other));
    }
}
