package dev.kite.client;

import dev.kite.api.client.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An informer's objects with their indexes. Reads by name take no lock; index reads and writes share one. Thread-safe.
 *
 * @param <T> the objects' type
 */
final class Cache<T> {
    private static final class Index<T> {
        final Function<T, List<String>> keys;
        final Map<String, Set<ObjectKey>> entries = new HashMap<>();

        Index(Function<T, List<String>> keys) {
            this.keys = keys;
        }

        void add(ObjectKey key, T object) {
            for (String entry : keys.apply(object)) {
                entries.computeIfAbsent(entry, _ -> new LinkedHashSet<>(2)).add(key);
            }
        }

        void remove(ObjectKey key, T object) {
            for (String entry : keys.apply(object)) {
                Set<ObjectKey> found = entries.get(entry);
                if (found != null && found.remove(key) && found.isEmpty()) {
                    entries.remove(entry);
                }
            }
        }
    }

    private final Map<ObjectKey, T> objects = new ConcurrentHashMap<>();
    private final Map<String, Index<T>> indexes = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    @Nullable
    T get(ObjectKey key) {
        return objects.get(key);
    }

    /**
     * Stores an object.
     *
     * @param key its name
     * @param object the object
     * @return what was there before, or null
     */
    @Nullable
    T put(ObjectKey key, T object) {
        lock.lock();
        try {
            T before = objects.put(key, object);
            for (Index<T> index : indexes.values()) {
                if (before != null) {
                    index.remove(key, before);
                }
                index.add(key, object);
            }
            return before;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Removes an object.
     *
     * @param key its name
     * @return what was there, or null
     */
    @Nullable
    T remove(ObjectKey key) {
        lock.lock();
        try {
            T before = objects.remove(key);
            if (before != null) {
                for (Index<T> index : indexes.values()) {
                    index.remove(key, before);
                }
            }
            return before;
        } finally {
            lock.unlock();
        }
    }

    /** @return the names of all objects */
    List<ObjectKey> keys() {
        return List.copyOf(objects.keySet());
    }

    /** @return a snapshot of all objects */
    Collection<T> list() {
        return List.copyOf(objects.values());
    }

    /**
     * Lists a namespace.
     *
     * @param namespace the namespace
     * @return a snapshot
     */
    Collection<T> list(String namespace) {
        List<T> found = new ArrayList<>();
        objects.forEach((key, object) -> {
            if (key.namespace().equals(namespace)) {
                found.add(object);
            }
        });
        return found;
    }

    /**
     * Adds an index over what is and will be there.
     *
     * @param name its name; one that is known is kept
     * @param keys an object's keys
     */
    void index(String name, Function<T, List<String>> keys) {
        lock.lock();
        try {
            if (!indexes.containsKey(name)) {
                Index<T> index = new Index<>(keys);
                objects.forEach(index::add);
                indexes.put(name, index);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lists by index.
     *
     * @param name the index's name
     * @param entry the key
     * @return a snapshot
     */
    Collection<T> byIndex(String name, String entry) {
        lock.lock();
        try {
            Index<T> index = indexes.get(name);
            if (index == null) {
                throw new IllegalArgumentException("no index " + name);
            }
            List<T> found = new ArrayList<>();
            for (ObjectKey key : index.entries.getOrDefault(entry, Set.of())) {
                T object = objects.get(key);
                if (object != null) {
                    found.add(object);
                }
            }
            return found;
        } finally {
            lock.unlock();
        }
    }
}
