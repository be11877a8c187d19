package dev.kite.model.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** The versions in which a resource's fields may be owned. */
public interface Versions {

    /** The type in a version that {@link #convert} knows. */
    MergeType type(String apiVersion);

    /** The object in another version; null where that version is no longer served, so that its owners are forgotten. */
    @Nullable
    ObjectNode convert(ObjectNode object, String apiVersion);

    /** Of a resource with one version. */
    static Versions only(String apiVersion, MergeType type) {
        return new Versions() {
            @Override
            public MergeType type(String version) {
                return type;
            }

            @Override
            public @Nullable ObjectNode convert(ObjectNode object, String version) {
                return version.equals(apiVersion) ? object : null;
            }
        };
    }
}
