package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.request.Intent;
import org.jspecify.annotations.Nullable;

/**
 * What admission looks at: one write on its way.
 *
 * @param intent who writes, and how
 * @param operation what is done
 * @param resource the resource
 * @param subresource the subresource, empty for the object itself
 * @param namespace the object's namespace, empty for none
 * @param name the object's name, empty where it is yet to be made
 * @param object the object as it shall be, to be changed in place by rules that mutate; null for deletes and connects without options
 * @param old the object as it is, null for creates
 */
public record Admitting(
        Intent intent,
        Operation operation,
        ApiResource resource,
        String subresource,
        String namespace,
        String name,
        @Nullable ObjectNode object,
        @Nullable ObjectNode old) {
    /** What is done. */
    public enum Operation {
        /** A new object. */
        CREATE,
        /** A changed object. */
        UPDATE,
        /** An object goes. */
        DELETE,
        /** A tunnel or proxy. */
        CONNECT
    }

    /**
     * Tells whether this is a write of a resource's objects themselves.
     *
     * @param group the API group, empty for core
     * @param plural the resource
     * @return whether it is
     */
    public boolean isOf(String group, String plural) {
        return subresource.isEmpty() && resource.is(group, plural);
    }
}
