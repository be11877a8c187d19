package dev.kite.model.schema;

/** What a field's value is, and how JSON writes it. The order is the generator's. */
public enum ValueKind {
    /** Text. */
    STRING,
    /** True or false. */
    BOOL,
    /** A 32-bit number. */
    INT32,
    /** A 64-bit number. */
    INT64,
    /** A floating-point number. */
    DOUBLE,
    /** Bytes, base64 in JSON. */
    BYTES,
    /** A {@link dev.kite.model.Quantity}. */
    QUANTITY,
    /** An {@link dev.kite.model.IntOrString}. */
    INT_OR_STRING,
    /** An instant in whole seconds, RFC 3339. */
    TIME,
    /** An instant in microseconds, RFC 3339. */
    MICRO_TIME,
    /** An object of any type, JSON within protobuf's field 1. */
    RAW,
    /** Any JSON, within protobuf's field 1. */
    JSON,
    /** Managed fields, JSON within protobuf's field 1. */
    FIELDS,
    /** A schema or a boolean. */
    SCHEMA_OR_BOOL,
    /** A schema or a list of schemas. */
    SCHEMA_OR_ARRAY,
    /** A schema or a list of strings. */
    SCHEMA_OR_STRINGS,
    /** An object of the type {@link FieldDescriptor#ref()}. */
    STRUCT
}
