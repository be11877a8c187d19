package dev.kite.apiserver.bootstrap;

import dev.kite.api.metrics.MetricSource;
import dev.kite.apiserver.aggregation.Aggregation;
import dev.kite.apiserver.metrics.BuildMetrics;
import dev.kite.apiserver.metrics.ObjectMetrics;
import dev.kite.apiserver.metrics.ProcessMetrics;
import dev.kite.apiserver.metrics.StoreMetrics;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.ResourceCatalog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All that /metrics tells: the server's own, and what others in this process offer. Thread-safe. */
final class Measured implements Supplier<List<MetricSource>> {
    private final List<MetricSource> own;
    private final Supplier<List<MetricSource>> others;

    private Measured(
            Surroundings with, ResourceCatalog catalog, @Nullable Aggregation aggregation, MetricSource protection) {
        others = with.monitoring().sources();
        own = new ArrayList<>(List.of(
                protection,
                with.monitoring().admission(),
                with.monitoring().watches(),
                with.monitoring().storage(),
                new StoreMetrics(with.store()),
                new ObjectMetrics(with.store(), () -> folders(catalog)),
                new ProcessMetrics(Path.of("/proc/self")),
                new BuildMetrics(this)));
        if (aggregation != null) {
            own.add(aggregation);
        }
    }

    static Measured of(
            Surroundings with, ResourceCatalog catalog, @Nullable Aggregation aggregation, MetricSource protection) {
        return new Measured(with, catalog, aggregation, protection);
    }

    /** One a resource, whichever versions of it are served. */
    private static List<ObjectMetrics.Folder> folders(ResourceCatalog catalog) {
        Map<String, ObjectMetrics.Folder> folders = new TreeMap<>();
        for (ApiResource resource : catalog.all()) {
            String folder = resource.stored().folder();
            if (!folder.isEmpty() && resource.verbs().contains("watch")) {
                folders.putIfAbsent(folder, new ObjectMetrics.Folder(resource.group(), resource.plural(), folder));
            }
        }
        return List.copyOf(folders.values());
    }

    @Override
    public List<MetricSource> get() {
        List<MetricSource> all = new ArrayList<>(own);
        all.addAll(others.get());
        return all;
    }
}
