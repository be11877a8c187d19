package dev.kite.api.controller;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Keys to reconcile. A key that is added while it waits is held once; one that is added while it is processed is processed again
 * afterwards, never by two workers at once; keys come fairly, first in first out; taking after {@link #shutDown} drains what is left, then ends. Thread-safe.
 *
 * @param <K> the key, with equals and hashCode
 */
public interface WorkQueue<K> {
    /**
     * Adds a key.
     *
     * @param key the key
     */
    void add(K key);

    /**
     * Adds a key when some time has passed; the earliest of several delays counts.
     *
     * @param key the key
     * @param delay how long to wait
     */
    void addAfter(K key, Duration delay);

    /**
     * Adds a key after its exponential back-off: 5 ms doubled for each failure, 1000 s at most.
     *
     * @param key the key
     */
    void addRateLimited(K key);

    /**
     * Ends a key's back-off.
     *
     * @param key the key
     */
    void forget(K key);

    /**
     * Returns how often the key was added rate limited since it was last forgotten.
     *
     * @param key the key
     * @return the count
     */
    int failures(K key);

    /**
     * Takes the next key, waiting for one.
     *
     * @return the key, or null when the queue is shut down and empty
     * @throws InterruptedException if the thread is interrupted
     */
    @Nullable
    K take() throws InterruptedException;

    /**
     * Says that a taken key has been processed.
     *
     * @param key the key
     */
    void done(K key);

    /** @return how many keys wait */
    int size();

    /** Takes no more keys; takers get what is left and then null. */
    void shutDown();
}
