package dev.kite.cel;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A type as expressions see it, with the bounds that static cost estimates use and the list semantics that equality and concatenation use.
 *
 * <pre>
 * CelType = Scalar(kind, maxSize)
 *         | ListOf(element, maxItems, merge, keys)
 *         | MapOf(key, value, maxEntries)
 *         | ObjectOf(name, fields)
 *         | OptionalOf(value)
 *         | Opaque(name)
 * </pre>
 */
public sealed interface CelType {
    /** No bound. */
    long UNBOUNDED = Long.MAX_VALUE;

    /** Any value, read as its JSON is. */
    CelType DYN = new Scalar(Kind.DYN, UNBOUNDED);

    /** Booleans. */
    CelType BOOL = new Scalar(Kind.BOOL, 1);

    /** Signed 64-bit integers. */
    CelType INT = new Scalar(Kind.INT, 1);

    /** Unsigned 64-bit integers. */
    CelType UINT = new Scalar(Kind.UINT, 1);

    /** Floating-point numbers. */
    CelType DOUBLE = new Scalar(Kind.DOUBLE, 1);

    /** Text without a bound. */
    CelType STRING = new Scalar(Kind.STRING, UNBOUNDED);

    /** Bytes without a bound; base64 in JSON. */
    CelType BYTES = new Scalar(Kind.BYTES, UNBOUNDED);

    /** Timestamps; RFC 3339 or a date in JSON. */
    CelType TIMESTAMP = new Scalar(Kind.TIMESTAMP, 1);

    /** Durations; Go's form in JSON. */
    CelType DURATION = new Scalar(Kind.DURATION, 1);

    /** The null value. */
    CelType NULL = new Scalar(Kind.NULL, 1);

    /** Types themselves. */
    CelType TYPE = new Scalar(Kind.TYPE, 1);

    /** The variable {@code authorizer}; its value is a {@link CelAuthorizer}. */
    CelType AUTHORIZER = new Opaque("kubernetes.authorization.Authorizer");

    /** The variable {@code authorizer.requestResource}; its value is a {@link CelAuthorizer.RequestResource}. */
    CelType REQUEST_RESOURCE = new Opaque("kubernetes.authorization.ResourceCheck");

    /** The result of a MutatingAdmissionPolicy's apply configuration. */
    CelType PATCH_OBJECT = new Opaque("Object");

    /** One element of a MutatingAdmissionPolicy's JSON patch. */
    CelType JSON_PATCH = new Opaque("JSONPatch");

    /** What a scalar holds. */
    enum Kind {
        DYN,
        BOOL,
        INT,
        UINT,
        DOUBLE,
        STRING,
        BYTES,
        TIMESTAMP,
        DURATION,
        NULL,
        TYPE
    }

    /** How lists are compared and concatenated: {@code x-kubernetes-list-type}. */
    enum Merge {
        ATOMIC,
        SET,
        MAP
    }

    /**
     * A value without parts.
     *
     * @param maxSize characters or bytes at most, as upstream estimates them
     */
    record Scalar(Kind kind, long maxSize) implements CelType {}

    /**
     * A list.
     *
     * @param keys of a list of merge type MAP, else empty; JSON names
     */
    record ListOf(CelType element, long maxItems, Merge merge, List<String> keys) implements CelType {
        /** Copies. */
        public ListOf {
            keys = List.copyOf(keys);
        }
    }

    /** A map. */
    record MapOf(CelType key, CelType value, long maxEntries) implements CelType {}

    /** A field of an object: its name in JSON and its type. */
    record Field(String json, CelType type) {}

    /**
     * An object with named fields.
     *
     * @param name as errors show it; objects of one environment with the same name are one type
     * @param fields by the name that expressions use (escaped), in order
     */
    record ObjectOf(String name, Map<String, Field> fields) implements CelType {
        /** Copies. */
        public ObjectOf {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }
    }

    /** An optional value. */
    record OptionalOf(CelType value) implements CelType {}

    /** A type of a library, known by its name. */
    record Opaque(String name) implements CelType {}

    /** An unbounded list without special semantics. */
    static CelType list(CelType element) {
        return new ListOf(element, UNBOUNDED, Merge.ATOMIC, List.of());
    }

    /** An unbounded map with keys of text. */
    static CelType map(CelType value) {
        return new MapOf(STRING, value, UNBOUNDED);
    }

    /** An object of fields whose names (JSON's) are escaped as needed ({@link CelNames}); one that cannot be escaped is left out. */
    static ObjectOf object(String name, Map<String, CelType> fields) {
        Map<String, Field> escaped = new LinkedHashMap<>();
        fields.forEach((json, type) -> {
            String cel = CelNames.escape(json);
            if (cel != null) {
                escaped.put(cel, new Field(json, type));
            }
        });
        return new ObjectOf(name, escaped);
    }
}
