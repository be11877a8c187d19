package dev.kite.model.apply;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who owns which fields: an entry of metadata.managedFields.
 *
 * @param manager the name
 * @param applied whether by apply, or by any other write
 * @param apiVersion in which version the fields are named
 * @param subresource through which subresource; empty for the object itself
 * @param time of the last change; null where it is not known
 * @param fields the fields
 */
public record Owner(
        String manager,
        boolean applied,
        String apiVersion,
        String subresource,
        @Nullable Instant time,
        FieldSet fields) {

    /** What tells owners apart: an applier is the same whatever version it applies in. */
    record Identity(String manager, boolean applied, String apiVersion, String subresource) {}

    Identity identity() {
        return new Identity(manager, applied, applied ? "" : apiVersion, subresource);
    }

    Owner withFields(FieldSet changed) {
        return new Owner(manager, applied, apiVersion, subresource, time, changed);
    }

    Owner withTime(@Nullable Instant changed) {
        return new Owner(manager, applied, apiVersion, subresource, changed, fields);
    }

    /** As conflict messages name it. */
    @Override
    public String toString() {
        String name =
                "\"" + manager + "\"" + (subresource.isEmpty() ? "" : " with subresource \"" + subresource + "\"");
        return applied ? name : name + " using " + apiVersion;
    }
}
