package dev.kite.api.controller;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Brings one key's actual state to the desired one.
 *
 * @param <K> the key
 */
@FunctionalInterface
public interface Reconciler<K> {
    /**
     * Reconciles. Never called for one key by two threads at once.
     *
     * @param key the key
     * @return when to look again, or null for not before something changes
     * @throws Exception to be tried again with back-off; a conflict is tried again quietly
     */
    @Nullable
    Duration reconcile(K key) throws Exception;
}
