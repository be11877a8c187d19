package dev.kite.api.client;

import java.util.List;

/**
 * A page of objects. Immutable.
 *
 * @param <T> the objects' type
 * @param items the objects
 * @param resourceVersion where a watch goes on
 * @param continueToken the next page, empty for none
 */
public record ObjectList<T>(List<T> items, String resourceVersion, String continueToken) {
    /** Copies the items. */
    public ObjectList {
        items = List.copyOf(items);
    }
}
