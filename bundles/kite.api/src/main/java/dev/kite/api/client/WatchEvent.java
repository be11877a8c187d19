package dev.kite.api.client;

/**
 * What happened to an object.
 *
 * @param <T> the objects' type
 */
public sealed interface WatchEvent<T> {
    /**
     * It is there.
     *
     * @param <T> the object's type
     * @param object the object
     */
    record Added<T>(T object) implements WatchEvent<T> {}

    /**
     * It changed.
     *
     * @param <T> the object's type
     * @param object the object as it is now
     */
    record Modified<T>(T object) implements WatchEvent<T> {}

    /**
     * It is gone.
     *
     * @param <T> the object's type
     * @param object the object as it last was, with the resourceVersion of its end
     */
    record Deleted<T>(T object) implements WatchEvent<T> {}

    /**
     * Nothing before this resourceVersion will come.
     *
     * @param <T> the objects' type
     * @param resourceVersion the version
     * @param initialEventsEnd whether all that was there at the start has come
     */
    record Bookmark<T>(String resourceVersion, boolean initialEventsEnd) implements WatchEvent<T> {}
}
