package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.table.CustomColumn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a kind that isn't built in says about itself in one version. Immutable; the schema is not to be changed.
 *
 * @param rules its structural OpenAPI v3 schema
 * @param preserveUnknownFields whether fields that the schema doesn't name are kept
 * @param columns what a table shows after the name, none for the age alone
 * @param selectableFields the fields that field selectors may name, as dotted paths without the leading dot
 * @param versions all versions of the kind, and how objects get from one to another
 * @param scale where its scale subresource reads and writes, null where it has none
 * @param deprecation what those who use the version are warned of, empty for nothing
 * @param terminating whether its definition is being deleted, so that no more objects may be made
 * @param source the definition's name, or the bundle's group and version
 */
public record CustomKind(
        KindSchema rules,
        boolean preserveUnknownFields,
        List<CustomColumn> columns,
        List<String> selectableFields,
        CustomVersions versions,
        @Nullable Scale scale,
        String deprecation,
        boolean terminating,
        String source) {

    /**
     * Where scale reads and writes, as JSON paths with a leading dot.
     *
     * @param specReplicas where the wanted number is
     * @param statusReplicas where the present number is
     * @param labelSelector where the selector is as a string, empty for none
     */
    public record Scale(String specReplicas, String statusReplicas, String labelSelector) {}

    /** @return its structural OpenAPI v3 schema, not to be changed */
    public ObjectNode schema() {
        return rules.tree();
    }

    /** @return whether its schema has defaults */
    public boolean defaults() {
        return rules.defaults();
    }

    /** Copies the lists. */
    public CustomKind {
        columns = List.copyOf(columns);
        selectableFields = List.copyOf(selectableFields);
    }
}
