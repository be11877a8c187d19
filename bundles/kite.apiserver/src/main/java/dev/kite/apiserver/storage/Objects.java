package dev.kite.apiserver.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Lookups;
import dev.kite.apiserver.conversion.Conversions;
import dev.kite.apiserver.metrics.StorageMetrics;
import dev.kite.apiserver.metrics.StorageMetrics.Operation;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.store.ConflictException;
import dev.kite.store.Deleted;
import dev.kite.store.Entry;
import dev.kite.store.RangeOptions;
import dev.kite.store.Store;
import dev.kite.store.WriteOptions;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Objects in the store, in stored form. Thread-safe. What the store throws passes through. */
public final class Objects implements Lookups {
    private final Store store;
    private final Followers followers;
    private final long eventSeconds;
    private final Conversions conversions;
    private final StorageMetrics metrics;

    /**
     * Objects of a store.
     *
     * @param store the store
     * @param followers who must have seen a write before it is acknowledged
     * @param events how long Events are kept
     * @param conversions between versions of kinds that aren't built in
     */
    public Objects(Store store, Followers followers, Duration events, Conversions conversions) {
        this(store, followers, events, conversions, new StorageMetrics());
    }

    /**
     * Objects of a store whose writes are measured.
     *
     * @param store the store
     * @param followers who must have seen a write before it is acknowledged
     * @param events how long Events are kept
     * @param conversions between versions of kinds that aren't built in
     * @param metrics notes what writes take
     */
    public Objects(Store store, Followers followers, Duration events, Conversions conversions, StorageMetrics metrics) {
        this.metrics = metrics;
        this.store = store;
        this.followers = followers;
        this.conversions = conversions;
        this.eventSeconds = Math.max(1, events.toSeconds());
    }

    /** @return the store */
    public Store store() {
        return store;
    }

    /**
     * Finds an object's entry, as stored.
     *
     * @param resource its resource
     * @param namespace its namespace, empty for none
     * @param name its name
     * @return its entry, or null
     */
    public @Nullable Entry entry(ApiResource resource, String namespace, String name) {
        return store.get(Keys.object(resource.stored().folder(), namespace, name));
    }

    /** @return between versions of kinds that aren't built in */
    public Conversions conversions() {
        return conversions;
    }

    @Override
    public @Nullable ObjectNode find(String group, String plural, String namespace, String name) {
        Entry entry = store.get(Keys.object(Keys.builtIn(group, plural), namespace, name));
        return entry == null ? null : Trees.of(entry);
    }

    @Override
    public List<ObjectNode> list(String group, String plural, String namespace) {
        return store.range(Keys.in(Keys.builtIn(group, plural), namespace), RangeOptions.ALL).entries().stream()
                .map(Trees::of)
                .toList();
    }

    /**
     * Creates or replaces.
     *
     * @param resource the object's resource
     * @param key its key
     * @param object the object in stored form, or of a kind that isn't built in and in any version
     * @param expected the revision that must be there, {@link Store#ABSENT} for none
     * @return its new entry
     */
    public Entry put(ApiResource resource, String key, ObjectNode object, long expected) {
        ObjectNode stored = conversions.stored(resource, object);
        byte[] bytes = Trees.stored(stored);
        Operation operation = expected == Store.ABSENT ? Operation.CREATE : Operation.UPDATE;
        Entry entry = measured(operation, resource, () -> store.put(key, bytes, expected, options(resource, key)));
        followers.await(resource.stored().folder(), entry.modRevision());
        return entry;
    }

    /**
     * Deletes.
     *
     * @param resource the object's resource
     * @param entry its present entry
     * @return the outcome
     */
    public Deleted delete(ApiResource resource, Entry entry) {
        Deleted deleted = measured(
                Operation.DELETE,
                resource,
                () -> store.delete(entry.key(), entry.modRevision(), options(resource, entry.key())));
        followers.await(resource.stored().folder(), deleted.revision());
        return deleted;
    }

    private <T> T measured(Operation operation, ApiResource resource, Supplier<T> write) {
        long began = System.nanoTime();
        boolean failed = true;
        try {
            T outcome = write.get();
            failed = false;
            return outcome;
        } catch (ConflictException e) {
            failed = false;
            throw e;
        } finally {
            metrics.written(operation, resource.group(), resource.plural(), System.nanoTime() - began, failed);
        }
    }

    /** Node heartbeats and Events are the two classes that may lose their last ten seconds (DESIGN, decision 4). */
    private WriteOptions options(ApiResource resource, String key) {
        if (resource.plural().equals("events")) {
            return WriteOptions.RELAXED.ttl(eventSeconds);
        }
        if (resource.is("coordination.k8s.io", "leases") && key.startsWith("/registry/leases/kube-node-lease/")) {
            return WriteOptions.RELAXED;
        }
        return WriteOptions.DURABLE;
    }
}
