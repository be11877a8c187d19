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
 * @param options the write's options, null for connects; for webhooks and policies, not to be changed
 * @param rounds whether rules that change the object are to be asked again
 */
public record Admitting(
        Intent intent,
        Operation operation,
        ApiResource resource,
        String subresource,
        String namespace,
        String name,
        @Nullable ObjectNode object,
        @Nullable ObjectNode old,
        @Nullable ObjectNode options,
        Rounds rounds) {
    /**
     * A write with the options that its intent has.
     *
     * @param intent who writes, and how
     * @param operation what is done
     * @param resource the resource
     * @param subresource the subresource, empty for the object itself
     * @param namespace the object's namespace, empty for none
     * @param name the object's name, empty where it is yet to be made
     * @param object the object as it shall be
     * @param old the object as it is, null for creates
     */
    public Admitting(
            Intent intent,
            Operation operation,
            ApiResource resource,
            String subresource,
            String namespace,
            String name,
            @Nullable ObjectNode object,
            @Nullable ObjectNode old) {
        this(
                intent,
                operation,
                resource,
                subresource,
                namespace,
                name,
                object,
                old,
                operation == Operation.CONNECT ? null : intent.options(),
                new Rounds());
    }

    /**
     * The group, version and kind of what is written: the resource's, or those of the subresource's own kind.
     *
     * @param group the API group, empty for core
     * @param version the version
     * @param kind the kind
     */
    public record Kind(String group, String version, String kind) {}

    /** @return the kind of what is written */
    public Kind kind() {
        ApiResource.Subresource below = resource.subresources().get(subresource);
        return below == null || below.kind().isEmpty()
                ? new Kind(resource.group(), resource.version(), resource.kind())
                : new Kind(below.group(), below.version(), below.kind());
    }

    /** @return the options with the kind that webhooks and policies see, null for connects */
    public @Nullable ObjectNode namedOptions() {
        String kind = switch (operation) {
            case CREATE -> "CreateOptions";
            case UPDATE -> "UpdateOptions";
            case DELETE -> "DeleteOptions";
            case CONNECT -> "";
        };
        if (options == null || kind.isEmpty()) {
            return null;
        }
        ObjectNode named = options.objectNode().put("kind", kind).put("apiVersion", "meta.k8s.io/v1");
        named.setAll(options);
        return named;
    }

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
