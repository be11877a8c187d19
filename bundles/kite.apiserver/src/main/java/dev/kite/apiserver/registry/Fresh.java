package dev.kite.apiserver.registry;

import dev.kite.apiserver.request.Errors;
import dev.kite.store.Store;

/** How new a read must be. Stateless. */
public final class Fresh {
    private Fresh() {}

    /**
     * Waits until reads are as new as they must be.
     *
     * @param store the store
     * @param newest whether they must see all that was acknowledged
     * @param atLeast the revision that they must see, 0 for any
     * @throws dev.kite.apiserver.request.StatusException 504 where there is no such revision yet
     */
    public static void await(Store store, boolean newest, long atLeast) {
        if (newest) {
            store.sync();
            return;
        }
        if (atLeast > store.revision() && store.sync() < atLeast) {
            throw Errors.futureVersion(atLeast, store.revision());
        }
    }
}
