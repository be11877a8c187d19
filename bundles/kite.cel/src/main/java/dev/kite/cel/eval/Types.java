package dev.kite.cel.eval;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The types of values: their names, sizes and texts. */
public final class Types {
    private Types() {}

    /** The name of a value's type, as {@code type()} gives it. */
    public static String nameOf(Object value) {
        return switch (value) {
            case Null n -> "null_type";
            case Boolean b -> "bool";
            case Long l -> "int";
            case UInt u -> "uint";
            case Double d -> "double";
            case String s -> "string";
            case Bytes b -> "bytes";
            case Instant i -> "google.protobuf.Timestamp";
            case Duration d -> "google.protobuf.Duration";
            case ListValue l -> "list";
            case StructValue s -> s.typeName();
            case MapValue m -> "map";
            case TypeValue t -> "type";
            case Optional<?> o -> "optional_type";
            case LibraryValue v -> v.typeName();
            default -> value.getClass().getSimpleName();
        };
    }

    /** The name of a value's type in Go, which a few messages have. */
    static String goName(Object value) {
        return switch (value) {
            case Null n -> "types.Null";
            case Boolean b -> "types.Bool";
            case Long l -> "types.Int";
            case UInt u -> "types.Uint";
            case Double d -> "types.Double";
            case String s -> "types.String";
            case Bytes b -> "types.Bytes";
            case Instant i -> "types.Timestamp";
            case Duration d -> "types.Duration";
            default -> nameOf(value);
        };
    }

    /** The size that costs count: of text in characters, of bytes, lists and maps; else 1. */
    public static long sizeOf(Object value) {
        return switch (value) {
            case String s -> s.codePointCount(0, s.length());
            case Bytes b -> b.value().length;
            case ListValue l -> l.size();
            case StructValue s -> 1;
            case MapValue m -> m.size();
            case Optional<?> o -> o.isPresent() ? sizeOf(o.get()) : 1;
            case LibraryValue v -> v.size();
            default -> 1;
        };
    }

    /** A value in a message. */
    public static String text(Object value) {
        return switch (value) {
            case Null n -> "null";
            case TypeValue t -> t.name();
            case Double d when d == Math.rint(d) && Math.abs(d) < 1e15 -> Long.toString(d.longValue());
            default -> value.toString();
        };
    }
}
