package dev.kite.apiserver.request;

import dev.kite.api.http.HttpExchange;
import dev.kite.store.Store;
import dev.kite.store.StoreStats;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Answers /metrics in Prometheus' text format: requests, the datastore, this process. */
public final class MetricsDocument implements ApiRoute.Document {
    private final RequestMetrics requests;
    private final Store store;

    /**
     * The document.
     *
     * @param requests what was counted
     * @param store the datastore
     */
    public MetricsDocument(RequestMetrics requests, Store store) {
        this.requests = requests;
        this.store = store;
    }

    @Override
    public boolean serve(HttpExchange exchange) throws IOException {
        if (!exchange.path().equals("/metrics")) {
            return false;
        }
        StringBuilder out = new StringBuilder(16 * 1024);
        requests.write(out);
        store(out, store.stats());
        process(out);
        exchange.respond(
                200, "text/plain; version=0.0.4; charset=utf-8", out.toString().getBytes(StandardCharsets.UTF_8));
        return true;
    }

    private static void store(StringBuilder out, StoreStats stats) {
        gauge(out, "kite_store_revision", "the newest revision", stats.revision());
        gauge(out, "kite_store_compact_revision", "the revision up to which history is gone", stats.compactRevision());
        gauge(out, "kite_store_keys", "objects", stats.keys());
        gauge(out, "kite_store_value_bytes", "bytes of objects in the index", stats.valueBytes());
        gauge(out, "kite_store_file_bytes", "size of the datastore's file", stats.fileBytes());
        gauge(out, "kite_store_log_bytes", "size of its write-ahead log", stats.logBytes());
        gauge(out, "kite_store_free_bytes", "part of the file that is free for reuse", stats.freeBytes());
        counter(out, "kite_store_writes_total", "acknowledged writes", stats.writes());
        counter(out, "kite_store_commits_total", "transactions made durable, each a sync of the disk", stats.commits());
        counter(out, "kite_store_written_bytes_total", "bytes handed to the disk, estimated", stats.bytesWritten());
        gauge(
                out,
                "kite_store_pending_writes",
                "writes that are not durable yet, as they may be",
                stats.pendingRelaxed());
        gauge(out, "kite_store_watches", "running watches of the store", stats.watches());
        counter(out, "kite_store_slow_watches_total", "watches closed as too slow", stats.slowWatches());
    }

    private static void process(StringBuilder out) {
        Runtime runtime = Runtime.getRuntime();
        gauge(out, "kite_heap_used_bytes", "Java heap in use", runtime.totalMemory() - runtime.freeMemory());
        gauge(out, "kite_heap_committed_bytes", "Java heap taken from the system", runtime.totalMemory());
        ProcessHandle.current()
                .info()
                .startInstant()
                .ifPresent(start -> gauge(
                        out,
                        "process_start_time_seconds",
                        "when this process started, since 1970",
                        start.getEpochSecond()));
    }

    private static void gauge(StringBuilder out, String name, String help, long value) {
        RequestMetrics.head(out, name, "gauge", help);
        RequestMetrics.line(out, name, "", value);
    }

    private static void counter(StringBuilder out, String name, String help, long value) {
        RequestMetrics.head(out, name, "counter", help);
        RequestMetrics.line(out, name, "", value);
    }
}
