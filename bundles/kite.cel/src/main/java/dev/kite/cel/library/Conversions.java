package dev.kite.cel.library;

import dev.kite.cel.eval.Bytes;
import dev.kite.cel.eval.Call;
import dev.kite.cel.eval.CelError;
import dev.kite.cel.eval.Numbers;
import dev.kite.cel.eval.Times;
import dev.kite.cel.eval.UInt;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Conversions between types. */
final class Conversions {
    static final Map<String, Call> CALLS = Map.of(
            "int", (e, a) -> toInt(a),
            "uint", (e, a) -> toUInt(a),
            "double", (e, a) -> toDouble(a),
            "string", (e, a) -> toText(a),
            "bytes", (e, a) -> toBytes(a),
            "bool", (e, a) -> toBool(a),
            "timestamp", (e, a) -> toTimestamp(a),
            "duration", (e, a) -> toDuration(a));

    private Conversions() {}

    private static CelError failed(String type) {
        return new CelError("type conversion error from 'string' to '" + type + "'");
    }

    private static Object toInt(Object[] a) {
        return switch (a[0]) {
            case Long l -> l;
            case UInt u when u.bits() >= 0 -> u.bits();
            case UInt u -> throw new CelError("integer overflow");
            case Double d -> Numbers.toLong(d);
            case Instant i -> i.getEpochSecond();
            case Duration d -> Times.nanos(d);
            case String s -> {
                try {
                    yield Long.parseLong(s);
                } catch (NumberFormatException e) {
                    throw failed("int");
                }
            }
            default -> throw CelError.noOverload("int", a);
        };
    }

    private static Object toUInt(Object[] a) {
        return switch (a[0]) {
            case UInt u -> u;
            case Long l when l >= 0 -> new UInt(l);
            case Long l -> throw new CelError("unsigned integer overflow");
            case Double d -> Numbers.toUInt(d);
            case String s -> {
                try {
                    yield new UInt(Long.parseUnsignedLong(s));
                } catch (NumberFormatException e) {
                    throw failed("uint");
                }
            }
            default -> throw CelError.noOverload("uint", a);
        };
    }

    private static Object toDouble(Object[] a) {
        return switch (a[0]) {
            case Double d -> d;
            case Long l -> l.doubleValue();
            case UInt u -> u.toDouble();
            case String s -> parse(s);
            default -> throw CelError.noOverload("double", a);
        };
    }

    private static double parse(String text) {
        try {
            String t = text.strip();
            char last = t.isEmpty() ? ' ' : Character.toLowerCase(t.charAt(t.length() - 1));
            if (t.length() != text.length()
                    || t.length() > 1024
                    || last == 'd'
                    || (last == 'f' && !t.toLowerCase(java.util.Locale.ROOT).endsWith("inf"))) {
                throw new NumberFormatException();
            }
            return switch (t.toLowerCase(java.util.Locale.ROOT)) {
                case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
                case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
                case "nan" -> Double.NaN;
                default -> Double.parseDouble(t);
            };
        } catch (NumberFormatException e) {
            throw failed("double");
        }
    }

    private static Object toText(Object[] a) {
        return switch (a[0]) {
            case String s -> s;
            case Long l -> l.toString();
            case UInt u -> u.toString();
            case Boolean b -> b.toString();
            case Double d -> Doubles.shortest(d);
            case Instant i -> Times.text(i);
            case Duration d -> Times.text(d);
            case Bytes b -> decode(b);
            case Networks.Ip ip -> ip.toString();
            case Networks.Cidr cidr -> cidr.toString();
            default -> throw CelError.noOverload("string", a);
        };
    }

    private static String decode(Bytes bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes.value()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new CelError("invalid UTF-8 in bytes, cannot convert to string");
        }
    }

    private static Object toBytes(Object[] a) {
        return switch (a[0]) {
            case Bytes b -> b;
            case String s -> new Bytes(s.getBytes(StandardCharsets.UTF_8));
            default -> throw CelError.noOverload("bytes", a);
        };
    }

    private static Object toBool(Object[] a) {
        return switch (a[0]) {
            case Boolean b -> b;
            case String s ->
                switch (s) {
                    case "1", "t", "T", "TRUE", "true", "True" -> true;
                    case "0", "f", "F", "FALSE", "false", "False" -> false;
                    default -> throw failed("bool");
                };
            default -> throw CelError.noOverload("bool", a);
        };
    }

    private static Object toTimestamp(Object[] a) {
        return switch (a[0]) {
            case Instant i -> i;
            case Long l -> {
                if (l < -62135596800L || l > 253402300799L) {
                    throw new CelError("timestamp overflow");
                }
                yield Instant.ofEpochSecond(l);
            }
            case String s -> Times.timestamp(s);
            default -> throw CelError.noOverload("timestamp", a);
        };
    }

    private static Object toDuration(Object[] a) {
        return switch (a[0]) {
            case Duration d -> d;
            case Long l -> throw new CelError("type conversion error from 'int' to 'google.protobuf.Duration'");
            case String s -> Times.duration(s);
            default -> throw CelError.noOverload("duration", a);
        };
    }
}
