package dev.kite.apiserver.table;

import java.util.Optional;

/** What a table's rows carry of their objects: the query parameter includeObject. */
public enum IncludeObject {
    /** Nothing. */
    NONE,
    /** A PartialObjectMetadata; the default. */
    METADATA,
    /** The whole object. */
    OBJECT;

    /**
     * Reads the parameter.
     *
     * @param value None, Metadata, Object or empty
     * @return the choice, empty for another word
     */
    public static Optional<IncludeObject> parse(String value) {
        return switch (value) {
            case "", "Metadata" -> Optional.of(METADATA);
            case "None" -> Optional.of(NONE);
            case "Object" -> Optional.of(OBJECT);
            default -> Optional.empty();
        };
    }
}
