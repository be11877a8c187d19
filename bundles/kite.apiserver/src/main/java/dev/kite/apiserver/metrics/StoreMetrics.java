package dev.kite.apiserver.metrics;

import dev.kite.api.metrics.Metric;
import dev.kite.api.metrics.MetricFamily;
import dev.kite.api.metrics.MetricSource;
import dev.kite.api.metrics.SampledFamily;
import dev.kite.store.Store;
import dev.kite.store.StoreStats;
import java.util.Collection;
import java.util.List;
import java.util.function.ToLongFunction;

/** The datastore's figures, read when they are told. Thread-safe. */
public final class StoreMetrics implements MetricSource {
    private final Store store;
    private final List<SampledFamily> families;

    /**
     * Those of a store.
     *
     * @param store the store
     */
    public StoreMetrics(Store store) {
        this.store = store;
        families = List.of(
                gauge("kite_store_revision", "The newest revision.", StoreStats::revision),
                gauge(
                        "kite_store_compact_revision",
                        "The revision up to which history is gone.",
                        StoreStats::compactRevision),
                gauge("kite_store_keys", "Objects.", StoreStats::keys),
                gauge("kite_store_value_bytes", "Bytes of objects in the index.", StoreStats::valueBytes),
                gauge("kite_store_file_bytes", "Size of the datastore's file.", StoreStats::fileBytes),
                gauge("kite_store_log_bytes", "Size of its write-ahead log.", StoreStats::logBytes),
                gauge("kite_store_free_bytes", "Part of the file that is free for reuse.", StoreStats::freeBytes),
                counter("kite_store_writes_total", "Acknowledged writes.", StoreStats::writes),
                counter(
                        "kite_store_commits_total",
                        "Transactions made durable, each a sync of the disk.",
                        StoreStats::commits),
                counter(
                        "kite_store_written_bytes_total",
                        "Bytes handed to the disk, estimated.",
                        StoreStats::bytesWritten),
                gauge(
                        "kite_store_pending_writes",
                        "Writes that are not durable yet, as they may be.",
                        StoreStats::pendingRelaxed),
                gauge("kite_store_watches", "Running watches of the store.", StoreStats::watches),
                counter("kite_store_slow_watches_total", "Watches closed as too slow.", StoreStats::slowWatches),
                SampledFamily.gauges(
                        Metric.stable(
                                "apiserver_storage_size_bytes", "Size of the datastore's file.", "storage_cluster_id"),
                        to -> to.accept(
                                List.of("kite-0"), (double) store.stats().fileBytes())));
    }

    private SampledFamily gauge(String name, String help, ToLongFunction<StoreStats> figure) {
        return SampledFamily.gauge(Metric.own(name, help), () -> figure.applyAsLong(store.stats()));
    }

    private SampledFamily counter(String name, String help, ToLongFunction<StoreStats> figure) {
        return SampledFamily.counter(Metric.own(name, help), () -> figure.applyAsLong(store.stats()));
    }

    @Override
    public Collection<? extends MetricFamily> metrics() {
        return families;
    }
}
