package dev.kite.apiserver.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** The schemas of kinds that are not built in. Thread safe. */
@FunctionalInterface
public interface CustomSchemas {
    /** There are none. */
    CustomSchemas NONE = (group, version, kind) -> null;

    /**
     * Finds a schema.
     *
     * @param group the API group
     * @param version the version
     * @param kind the kind
     * @return its structural schema, not to be changed; null for a built-in or unknown kind
     */
    @Nullable
    ObjectNode schema(String group, String version, String kind);
}
