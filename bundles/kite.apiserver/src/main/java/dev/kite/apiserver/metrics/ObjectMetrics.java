package dev.kite.apiserver.metrics;

import dev.kite.api.metrics.Metric;
import dev.kite.api.metrics.MetricFamily;
import dev.kite.api.metrics.MetricSource;
import dev.kite.api.metrics.SampledFamily;
import dev.kite.store.Entry;
import dev.kite.store.Range;
import dev.kite.store.RangeOptions;
import dev.kite.store.Store;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/** How many objects of each resource there are and how large they are: read from the index when they are told. Thread-safe. */
public final class ObjectMetrics implements MetricSource {
    private static final int CHUNK = 5000;

    private final Store store;
    private final List<SampledFamily> families;

    /**
     * A stored resource.
     *
     * @param group its group
     * @param resource the resource
     * @param prefix what its keys begin with
     */
    public record Folder(String group, String resource, String prefix) {}

    /**
     * Those of a store.
     *
     * @param store the store
     * @param resources what is stored, at this moment
     */
    public ObjectMetrics(Store store, Supplier<List<Folder>> resources) {
        this.store = store;
        families = List.of(
                SampledFamily.gauges(
                        Metric.alpha("apiserver_resource_objects", "Stored objects.", "group", "resource"),
                        to -> resources
                                .get()
                                .forEach(folder -> to.accept(
                                        List.of(folder.group(), folder.resource()), (double) objects(folder)))),
                SampledFamily.gauges(
                        Metric.stable(
                                "apiserver_storage_objects", "Stored objects, by resource and group.", "resource"),
                        to -> resources
                                .get()
                                .forEach(folder -> to.accept(List.of(qualified(folder)), (double) objects(folder)))),
                SampledFamily.gauges(
                        Metric.alpha(
                                "apiserver_resource_size_estimate_bytes",
                                "Bytes of stored objects, from the first 5,000 of each resource.",
                                "group",
                                "resource"),
                        to -> resources
                                .get()
                                .forEach(folder ->
                                        to.accept(List.of(folder.group(), folder.resource()), bytes(folder)))));
    }

    private static String qualified(Folder folder) {
        return folder.group().isEmpty() ? folder.resource() : folder.resource() + "." + folder.group();
    }

    private long objects(Folder folder) {
        Range range = store.range(folder.prefix(), RangeOptions.ALL.limit(1));
        return range.entries().size() + range.remaining();
    }

    private double bytes(Folder folder) {
        Range range = store.range(folder.prefix(), RangeOptions.ALL.limit(CHUNK));
        long sum = 0;
        for (Entry entry : range.entries()) {
            sum += entry.bytes().length;
        }
        int count = range.entries().size();
        return count == 0 ? 0 : (double) sum / count * (count + range.remaining());
    }

    @Override
    public Collection<? extends MetricFamily> metrics() {
        return families;
    }
}
