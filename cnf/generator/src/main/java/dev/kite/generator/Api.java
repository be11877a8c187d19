package dev.kite.generator;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The merged API: what all writers read. Types are sorted by definition name; {@code values} says what the types mean that are no
 * objects of fields.
 */
record Api(SortedMap<String, Type> types, SortedMap<String, String> values) {

    /** What a value is. The ordinal is written into the table; append only. */
    enum Kind {
        STRING,
        BOOL,
        INT32,
        INT64,
        DOUBLE,
        BYTES,
        QUANTITY,
        INT_OR_STRING,
        TIME,
        MICRO_TIME,
        RAW,
        JSON,
        FIELDS,
        SCHEMA_OR_BOOL,
        SCHEMA_OR_ARRAY,
        SCHEMA_OR_STRINGS,
        STRUCT
    }

    /** How values are arranged; in MAP_OF_LISTS and LIST_MESSAGE protobuf wraps the list into a message's field 1. */
    enum Shape {
        SINGLE,
        LIST,
        MAP,
        MAP_OF_LISTS,
        LIST_MESSAGE
    }

    /** One field by its JSON name. {@code embed} is an index into its type's embeds, or -1. */
    record Field(
            String json,
            int number,
            Kind kind,
            Shape shape,
            @Nullable String ref,
            boolean required,
            char presence,
            int embed,
            Markers markers,
            String description) {}

    /** A Go-embedded struct: flat in JSON, a message of its own in protobuf. {@code parent} is an embed, or -1. */
    record Embed(int number, int parent) {}

    /** A type: {@code topLevel} ones carry apiVersion and kind, which protobuf puts into the envelope. */
    record Type(
            String name, boolean topLevel, boolean atomic, List<Embed> embeds, List<Field> fields, String description) {
        String simpleName() {
            return name.substring(name.lastIndexOf('.') + 1);
        }

        /** The last two parts of the definition's package: group and version, as in {@code core.v1}. */
        String groupVersion() {
            return Names.groupVersion(name);
        }

        Map<String, Field> byName() {
            Map<String, Field> map = new TreeMap<>();
            fields.forEach(f -> map.put(f.json(), f));
            return map;
        }
    }

    /** What comments mark: list type, map keys, patch strategy and key, default (JSON text). Empty strings where absent. */
    record Markers(
            String listType,
            List<String> mapKeys,
            String patchStrategy,
            String patchMergeKey,
            String defaultJson,
            boolean atomicStruct) {
        static final Markers NONE = new Markers("", List.of(), "", "", "", false);

        boolean isEmpty() {
            return equals(NONE);
        }
    }
}
