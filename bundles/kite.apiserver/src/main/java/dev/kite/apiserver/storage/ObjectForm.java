package dev.kite.apiserver.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.registry.ApiResource;
import java.util.List;

/** What an object of a resource may look like: brings trees into the form of their kind. Thread-safe. */
public interface ObjectForm {
    /**
     * A normalized object.
     *
     * @param object the new tree
     * @param unknown the paths of fields that the kind doesn't have, dropped
     */
    record Normal(ObjectNode object, List<String> unknown) {}

    /**
     * Brings an object into the form of its kind.
     *
     * @param resource its resource
     * @param object the tree, not changed
     * @return the new tree
     * @throws Normalizer.MistypedException if a value is of the wrong type
     */
    Normal normalize(ApiResource resource, ObjectNode object);
}
