package dev.kite.api.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * Operations on any resource's objects as JSON trees, for kinds that are not known when compiling. Trees are the caller's own. Namespaces are empty for
 * cluster-scoped kinds, and for all namespaces in list and watch. Every call throws {@link ApiException} when the server answers with a Status or can't be
 * reached. Thread-safe.
 */
public interface GenericResourceClient {
    /**
     * Reads one object that may be absent.
     *
     * @param namespace its namespace
     * @param name its name
     * @return the object, or empty where the server says NotFound
     */
    Optional<ObjectNode> find(String namespace, String name);

    /**
     * Reads a subresource that may be absent, for example {@code scale}.
     *
     * @param namespace the object's namespace
     * @param name the object's name
     * @param subresource the subresource
     * @return the subresource's object, or empty where the server says NotFound
     */
    Optional<ObjectNode> findSubresource(String namespace, String name, String subresource);

    /**
     * Lists objects.
     *
     * @param namespace the namespace, empty for all
     * @param options selectors, limit, consistency
     * @return the List object
     */
    ObjectNode list(String namespace, ListOptions options);

    /**
     * Lists metadata only.
     *
     * @param namespace the namespace, empty for all
     * @param options selectors, limit, consistency
     * @return the PartialObjectMetadataList object
     */
    ObjectNode listMetadata(String namespace, ListOptions options);

    /**
     * Watches objects, or their metadata only.
     *
     * @param namespace the namespace, empty for all
     * @param options selectors and the resourceVersion to start after
     * @param metadataOnly whether PartialObjectMetadata is asked for
     * @return the events, to be closed
     */
    Watch<ObjectNode> watch(String namespace, ListOptions options, boolean metadataOnly);

    /**
     * Creates an object.
     *
     * @param namespace the namespace
     * @param object the object
     * @return what was stored
     */
    ObjectNode create(String namespace, ObjectNode object);

    /**
     * Replaces an object; its resourceVersion, where set, must be the current one.
     *
     * @param namespace the namespace
     * @param object the object
     * @return what was stored
     */
    ObjectNode update(String namespace, ObjectNode object);

    /**
     * Patches an object.
     *
     * @param namespace the namespace
     * @param name the name
     * @param patch the patch
     * @param subresource empty for the object itself
     * @return what was stored
     */
    ObjectNode patch(String namespace, String name, Patch patch, String subresource);

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
