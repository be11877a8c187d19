package dev.kite.apiserver.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
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

    /**
     * Finds the fields that field selectors may name.
     *
     * @param group the API group
     * @param version the version
     * @param kind the kind
     * @return their dotted paths, none for a built-in or unknown kind
     */
    default List<String> selectable(String group, String version, String kind) {
        return List.of();
    }
}
