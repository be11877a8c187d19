package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.request.Intent;
import org.jspecify.annotations.Nullable;

/** Keeps metadata.managedFields: who wrote which fields. Thread-safe. */
public interface Ownership {
    /**
     * Notes a write that is no apply.
     *
     * @param intent who writes
     * @param resource the object's resource
     * @param subresource the subresource, empty for the object itself
     * @param object the object as it shall be, in stored form, changed in place
     * @param old the object as it is, null for a new one
     */
    void written(Intent intent, ApiResource resource, String subresource, ObjectNode object, @Nullable ObjectNode old);
}
