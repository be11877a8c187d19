package dev.kite.model.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.model.schema.StructDescriptor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How values of a type are merged and owned. Immutable. */
public interface MergeType {

    /** The five ways. */
    enum Form {
        /** A single value. */
        SCALAR,
        /** A list, map or struct that is owned and replaced as a whole. */
        ATOMIC,
        /** A struct or map, by field. */
        OBJECT,
        /** A list of objects, by key. */
        KEYED_LIST,
        /** A list of scalars without duplicates. */
        SET
    }

    /** How this value is merged: a type without structure goes by what the value is. */
    Form form(JsonNode value);

    /** Whether a struct has a field of this name; entries of maps are not named. */
    boolean names(String field);

    /** The type of a field, or of a map's entry. */
    MergeType field(String name);

    /** The type of a list's items. */
    MergeType item();

    /** The keys of a keyed list. */
    List<String> keys();

    /** The value that an absent key of a keyed list's item has, where there is one. */
    @Nullable
    JsonNode keyDefault(String key);

    /** A built-in type. */
    static MergeType of(StructDescriptor type) {
        return new BuiltInType(type, null, false);
    }

    /** A custom resource, by the schema of its version; {@code apiVersion}, {@code kind} and {@code metadata} are known. */
    static MergeType ofCustomResource(@Nullable JsonNode openApiV3Schema) {
        return OpenApiType.root(openApiV3Schema);
    }
}
