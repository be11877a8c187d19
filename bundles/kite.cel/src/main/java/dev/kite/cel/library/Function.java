package dev.kite.cel.library;

import dev.kite.cel.eval.Bytes;
import dev.kite.cel.eval.Call;
import dev.kite.cel.eval.LibraryValue;
import dev.kite.cel.eval.ListValue;
import dev.kite.cel.eval.MapValue;
import dev.kite.cel.eval.Null;
import dev.kite.cel.eval.StructValue;
import dev.kite.cel.eval.UInt;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A form of a function.
 *
 * @param id the overload's name, by which costs are known
 * @param member whether the first parameter is the receiver
 */
public record Function(
        String name, String id, boolean member, List<Signature> parameters, Signature result, Call call) {
    /** Copies. */
    public Function {
        parameters = List.copyOf(parameters);
    }

    /**
     * One of a declaration: {@code name(types) type}, or {@code type#name(types) type} with a receiver.
     *
     * @param id the overload's name
     */
    static Function of(String id, String declaration, Call call) {
        int open = declaration.indexOf('(');
        int close = declaration.lastIndexOf(')');
        int receiver = declaration.substring(0, open).indexOf('#');
        String parameters = declaration.substring(open + 1, close);
        if (receiver >= 0) {
            String type = declaration.substring(0, receiver);
            parameters = parameters.isBlank() ? type : type + ", " + parameters;
        }
        return new Function(
                declaration.substring(receiver + 1, open),
                id,
                receiver >= 0,
                Signature.list(parameters),
                Signature.parse(declaration.substring(close + 1)),
                call);
    }

    /** Whether the values are of its parameters' types. */
    public boolean takes(Object[] args) {
        if (args.length != parameters.size()) {
            return false;
        }
        for (int i = 0; i < args.length; i++) {
            if (!is(args[i], parameters.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean is(Object value, Signature type) {
        if (type.isParameter()) {
            return true;
        }
        return switch (type.name()) {
            case "dyn" -> true;
            case "bool" -> value instanceof Boolean;
            case "int" -> value instanceof Long;
            case "uint" -> value instanceof UInt;
            case "double" -> value instanceof Double;
            case "string" -> value instanceof String;
            case "bytes" -> value instanceof Bytes;
            case "null" -> value == Null.NULL;
            case "timestamp" -> value instanceof Instant;
            case "duration" -> value instanceof Duration;
            case "list" ->
                value instanceof ListValue l && elements(l, type.parameters().getFirst());
            case "map" -> value instanceof MapValue && !(value instanceof StructValue);
            case "optional" -> value instanceof Optional<?>;
            default -> value instanceof LibraryValue v && v.typeName().equals(type.name());
        };
    }

    /** As upstream: the first element tells the type of a list. */
    private static boolean elements(ListValue list, Signature type) {
        return list.size() == 0 || is(list.get(0), type);
    }
}
