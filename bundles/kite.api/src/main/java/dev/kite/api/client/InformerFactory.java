package dev.kite.api.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.model.KubernetesObject;
import dev.kite.model.ResourceType;
import dev.kite.model.meta.v1.PartialObjectMetadata;

/** Gives out informers, started; the same options give the same informer, which runs while somebody holds it. Thread-safe. */
public interface InformerFactory {
    /**
     * All objects of one kind.
     *
     * @param <T> the type
     * @param type the kind
     * @return the informer, to be closed by who asked for it
     */
    default <T extends KubernetesObject> Informer<T> informer(ResourceType<T> type) {
        return informer(type, "", ListOptions.ALL);
    }

    /**
     * Some objects of a kind.
     *
     * @param <T> the type
     * @param type the kind
     * @param namespace the namespace, empty for all
     * @param options label and field selector; the rest is ignored
     * @return the informer, to be closed by who asked for it
     */
    <T extends KubernetesObject> Informer<T> informer(ResourceType<T> type, String namespace, ListOptions options);

    /**
     * All objects of any resource as trees.
     *
     * @param group the group, empty for core
     * @param version the version
     * @param plural the resource
     * @return the informer, to be closed by who asked for it
     */
    Informer<ObjectNode> generic(String group, String version, String plural);

    /**
     * Metadata of any resource's objects, without managed fields.
     *
     * @param group the group, empty for core
     * @param version the version
     * @param plural the resource
     * @return the informer, to be closed by who asked for it
     */
    Informer<PartialObjectMetadata> metadata(String group, String version, String plural);
}
