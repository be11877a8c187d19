package dev.kite.apiserver.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Lookups;
import dev.kite.apiserver.conversion.Conversions;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.store.Deleted;
import dev.kite.store.Entry;
import dev.kite.store.RangeOptions;
import dev.kite.store.Store;
import dev.kite.store.WriteOptions;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Objects in the store, in stored form. Thread-safe. What the store throws passes through. */
public final class Objects implements Lookups {
    private final Store store;
    private final Followers followers;
    private final long eventSeconds;
    private final Conversions conversions;

    /**
     * Objects of a store.
     *
     * @param store the store
     * @param followers who must have seen a write before it is acknowledged
     * @param events how long Events are kept
     * @param conversions between versions of kinds that aren't built in
     */
    public Objects(Store store, Followers followers, Duration events, Conversions conversions) {
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
        Entry entry = store.put(key, Trees.stored(stored), expected, options(resource, key));
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
        Deleted deleted = store.delete(entry.key(), entry.modRevision(), options(resource, entry.key()));
        followers.await(resource.stored().folder(), deleted.revision());
        return deleted;
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
