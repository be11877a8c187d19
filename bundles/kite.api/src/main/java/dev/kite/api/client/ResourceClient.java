package dev.kite.api.client;

import dev.kite.model.KubernetesObject;
import dev.kite.model.Struct;
import dev.kite.model.StructType;
import java.util.Optional;

/**
 * Operations on the objects of one kind. Every call throws {@link ApiException} when the server answers with a Status or can't be reached. Namespaces are empty
 * for cluster-scoped kinds, and for all namespaces in list and watch. Thread-safe.
 *
 * @param <T> the kind's generated type
 */
public interface ResourceClient<T extends KubernetesObject> {
    /**
     * Reads one object.
     *
     * @param namespace its namespace
     * @param name its name
     * @return the object
     */
    T get(String namespace, String name);

    /**
     * Reads one object that may be absent.
     *
     * @param namespace its namespace
     * @param name its name
     * @return the object, or empty where the server says NotFound
     */
    Optional<T> find(String namespace, String name);

    /**
     * Lists objects.
     *
     * @param namespace the namespace, empty for all
     * @param options selectors, limit, consistency
     * @return the page
     */
    ObjectList<T> list(String namespace, ListOptions options);

    /**
     * Watches objects.
     *
     * @param namespace the namespace, empty for all
     * @param options selectors and the resourceVersion to start after
     * @return the events, to be closed
     */
    Watch<T> watch(String namespace, ListOptions options);

    /**
     * Creates an object.
     *
     * @param object the object; its namespace says where
     * @return what was stored
     */
    T create(T object);

    /**
     * Replaces an object; its resourceVersion, where set, must be the current one.
     *
     * @param object the object
     * @return what was stored
     */
    T update(T object);

    /**
     * Replaces an object's status; its resourceVersion, where set, must be the current one.
     *
     * @param object the object
     * @return what was stored
     */
    T updateStatus(T object);

    /**
     * Replaces a subresource, or creates one (binding, eviction, token).
     *
     * @param <B> the body's type
     * @param <A> the answer's type
     * @param method POST or PUT
     * @param namespace the namespace
     * @param name the object's name
     * @param subresource its name
     * @param body the request's object
     * @param answer the type of the answer
     * @return the answer
     */
    <B extends Struct, A extends Struct> A subresource(
            String method, String namespace, String name, String subresource, B body, StructType<A> answer);

    /**
     * Patches an object.
     *
     * @param namespace the namespace
     * @param name the name
     * @param patch the patch
     * @param subresource empty for the object itself
     * @return what was stored
     */
    T patch(String namespace, String name, Patch patch, String subresource);

    /**
     * Deletes an object.
     *
     * @param namespace the namespace
     * @param name the name
     * @param options preconditions, grace, propagation
     */
    void delete(String namespace, String name, DeleteRequest options);

    /**
     * Deletes what selectors match.
     *
     * @param namespace the namespace
     * @param list which
     * @param options how
     */
    void deleteCollection(String namespace, ListOptions list, DeleteRequest options);
}
