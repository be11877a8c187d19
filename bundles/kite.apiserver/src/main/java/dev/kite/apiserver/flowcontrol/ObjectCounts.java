package dev.kite.apiserver.flowcontrol;

import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.ResourceCatalog;
import dev.kite.security.RequestInfo;
import dev.kite.store.Entry;
import dev.kite.store.Range;
import dev.kite.store.RangeOptions;
import dev.kite.store.Store;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How many objects resources have, and how large they are, as of at most a minute ago. Thread-safe. */
final class ObjectCounts {
    private static final long FRESH_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** So many objects are looked at for their size. */
    private static final int SAMPLE = 16;

    private final Store store;
    private final ResourceCatalog catalog;
    private final Map<String, Counted> byFolder = new ConcurrentHashMap<>();

    /**
     * What was counted.
     *
     * @param objects how many
     * @param bytes of one, on the average
     */
    record Counted(long objects, long bytes, long at) {}

    ObjectCounts(Store store, ResourceCatalog catalog) {
        this.store = store;
        this.catalog = catalog;
    }

    /** What a request's resource has; null of one that isn't served here. */
    @Nullable
    Counted of(RequestInfo info) {
        ApiResource resource = catalog.find(info.apiGroup(), info.apiVersion(), info.resource());
        if (resource == null) {
            return null;
        }
        String folder = resource.stored().folder();
        Counted known = byFolder.get(folder);
        if (known != null && System.nanoTime() - known.at() < FRESH_NANOS) {
            return known;
        }
        Counted now = count(folder);
        byFolder.put(folder, now);
        return now;
    }

    private Counted count(String folder) {
        Range some = store.range(folder, RangeOptions.ALL.limit(SAMPLE));
        long bytes = 0;
        for (Entry entry : some.entries()) {
            bytes += entry.value().bytes().length;
        }
        int sampled = some.entries().size();
        return new Counted(sampled + some.remaining(), sampled == 0 ? 0 : bytes / sampled, System.nanoTime());
    }
}
