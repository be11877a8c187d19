package dev.kite.model.schema;

/** How server-side apply merges a list or map. */
public enum ListType {
    /** Not said: lists are atomic, maps and structs merge. */
    UNSPECIFIED,
    /** Replaced as a whole. */
    ATOMIC,
    /** A set of scalars. */
    SET,
    /** Items keyed by {@link FieldDescriptor#mapKeys()}. */
    MAP,
    /** A map merged by key. */
    GRANULAR;

    static ListType of(String marker) {
        return switch (marker) {
            case "atomic" -> ATOMIC;
            case "set" -> SET;
            case "map" -> MAP;
            case "granular" -> GRANULAR;
            default -> throw new IllegalArgumentException("no list type " + marker);
        };
    }
}
