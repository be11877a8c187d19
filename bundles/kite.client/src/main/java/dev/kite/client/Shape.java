package dev.kite.client;

import java.io.IOException;

/**
 * What the client needs to know of objects, typed or trees.
 *
 * @param <T> the objects' type
 */
interface Shape<T> {
    /** The annotation of the bookmark that ends the initial events of a watch. */
    String INITIAL_EVENTS_END = "k8s.io/initial-events-end";

    /**
     * Reads one object.
     *
     * @param json holds the object's JSON
     * @param offset where it starts
     * @param length how long it is
     * @return the object
     * @throws IOException if it is malformed
     */
    T read(byte[] json, int offset, int length) throws IOException;

    /**
     * Returns an object's namespace.
     *
     * @param object the object
     * @return its namespace, empty for cluster scope
     */
    String namespace(T object);

    /**
     * Returns an object's name.
     *
     * @param object the object
     * @return its name
     */
    String name(T object);

    /**
     * Returns an object's revision.
     *
     * @param object the object
     * @return its resourceVersion
     */
    String resourceVersion(T object);

    /**
     * Tells whether a bookmark ends the initial events.
     *
     * @param object the bookmark's object
     * @return whether it does
     */
    boolean initialEventsEnd(T object);
}
