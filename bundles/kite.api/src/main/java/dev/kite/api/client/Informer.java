package dev.kite.api.client;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A cache of a resource's objects, kept by a watch. Reads are of memory and never block; objects are shared, so trees must be copied before they are changed.
 * It runs until whoever asked for it has closed it as often as it was given out. Thread-safe.
 *
 * @param <T> the objects' type
 */
public interface Informer<T> extends AutoCloseable {
    /**
     * What an object's change means to who listens.
     *
     * @param <T> the objects' type
     */
    @FunctionalInterface
    interface Handler<T> {
        /**
         * Something changed. Calls come one at a time, in the order of the changes; the cache already shows the change. What is thrown is logged and goes no further.
         *
         * @param before the object before, null where it is new
         * @param after the object now, null where it is gone
         */
        void changed(@Nullable T before, @Nullable T after);
    }

    /** Ends a handler's calls. */
    @FunctionalInterface
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Adds a handler, which is first told of all that is there.
     *
     * @param handler called from the informer's thread or, for what is there already, the caller's; must not block
     * @return ends its calls when closed
     */
    Registration onChange(Handler<T> handler);

    /**
     * Reads one object.
     *
     * @param namespace its namespace, empty for cluster scope
     * @param name its name
     * @return the object, or null
     */
    @Nullable
    T get(String namespace, String name);

    /** @return a snapshot of all */
    Collection<T> list();

    /**
     * Lists a namespace.
     *
     * @param namespace the namespace
     * @return a snapshot
     */
    Collection<T> list(String namespace);

    /**
     * Adds an index, before or after objects have come; one of the same name is kept instead.
     *
     * @param name the index's name
     * @param keys the keys of an object
     */
    void index(String name, Function<T, List<String>> keys);

    /**
     * Lists by index.
     *
     * @param name the index's name
     * @param key the key
     * @return a snapshot
     * @throws IllegalArgumentException if there is no such index
     */
    Collection<T> byIndex(String name, String key);

    /** @return whether all that was there at the start is in the cache, and handlers have been told */
    boolean synced();

    /**
     * Waits until it is synced.
     *
     * @param patience how long
     * @return whether it is
     * @throws InterruptedException if the thread is interrupted
     */
    boolean awaitSync(Duration patience) throws InterruptedException;

    /** Gives the informer back; the last one to do so ends it. */
    @Override
    void close();
}
