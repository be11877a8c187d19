package dev.kite.apiserver.bootstrap;

import dev.kite.api.metrics.MetricSource;
import dev.kite.apiserver.metrics.BuildMetrics;
import dev.kite.apiserver.metrics.ProcessMetrics;
import dev.kite.apiserver.metrics.StoreMetrics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** All that /metrics tells: the server's own, and what others in this process offer. Thread-safe. */
final class Measured implements Supplier<List<MetricSource>> {
    private final List<MetricSource> own;
    private final Supplier<List<MetricSource>> others;

    private Measured(Surroundings with) {
        others = with.monitoring().sources();
        own = List.of(
                new StoreMetrics(with.store()), new ProcessMetrics(Path.of("/proc/self")), new BuildMetrics(this));
    }

    static Measured of(Surroundings with) {
        return new Measured(with);
    }

    @Override
    public List<MetricSource> get() {
        List<MetricSource> all = new ArrayList<>(own);
        all.addAll(others.get());
        return all;
    }
}
