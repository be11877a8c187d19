package dev.kite.client;

import dev.kite.api.client.ListOptions;
import dev.kite.api.client.ObjectList;
import dev.kite.api.client.Watch;

/**
 * Where an informer's objects come from.
 *
 * @param <T> the objects' type
 */
interface Source<T> {
    /**
     * Lists one page.
     *
     * @param options which page
     * @return the page
     */
    ObjectList<T> list(ListOptions options);

    /**
     * Watches.
     *
     * @param options from where
     * @return the events, to be closed
     */
    Watch<T> watch(ListOptions options);
}
