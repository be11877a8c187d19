package dev.kite.cel.library;

import dev.kite.cel.eval.Bytes;
import dev.kite.cel.eval.CelError;
import dev.kite.cel.eval.Evaluation;
import dev.kite.cel.eval.ListValue;
import dev.kite.cel.eval.MapValue;
import dev.kite.cel.eval.Null;
import dev.kite.cel.eval.Times;
import dev.kite.cel.eval.TypeValue;
import dev.kite.cel.eval.Types;
import dev.kite.cel.eval.UInt;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** {@code format()} of text: the clauses %s %d %f %e %b %x %X %o. */
final class Formatting {
    private static final int MAX_PRECISION = 1000;

    private final Evaluation evaluation;
    private final StringBuilder out = new StringBuilder();

    private Formatting(Evaluation evaluation) {
        this.evaluation = evaluation;
    }

    static String format(Evaluation evaluation, String format, ListValue args) {
        return new Formatting(evaluation).all(format, args);
    }

    private String all(String format, ListValue args) {
        int next = 0;
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%') {
                out.append(c);
                continue;
            }
            if (++i >= format.length()) {
                throw new CelError("unexpected end of string");
            }
            if (format.charAt(i) == '%') {
                out.append('%');
                continue;
            }
            if (next >= args.size()) {
                throw new CelError("index " + next + " out of range");
            }
            int precision = -1;
            if (format.charAt(i) == '.') {
                int start = ++i;
                while (i < format.length() && Character.isDigit(format.charAt(i))) {
                    i++;
                }
                if (i >= format.length() || i == start || i - start > 4) {
                    throw new CelError("error while parsing precision");
                }
                precision = Math.min(Integer.parseInt(format.substring(start, i)), MAX_PRECISION);
            }
            clause(format.charAt(i), precision, args.get(next++));
            Arithmetic.check(out.length());
        }
        if (next < args.size()) {
            throw new CelError(
                    "too many arguments supplied to string.format (expected " + next + ", got " + args.size() + ")");
        }
        return out.toString();
    }

    private void clause(char verb, int precision, Object value) {
        switch (verb) {
            case 's' -> text(value, false);
            case 'd' -> decimal(value);
            case 'f' -> fixed(value, precision);
            case 'e' -> scientific(value);
            case 'b' -> out.append(radix(verb, value, 2));
            case 'o' -> out.append(radix(verb, value, 8));
            case 'x' -> out.append(hex(value));
            case 'X' -> out.append(hex(value).toUpperCase(Locale.ROOT));
            default ->
                throw new CelError(
                        "could not parse formatting clause: unrecognized formatting clause \"" + verb + "\"");
        }
    }

    private static CelError unfit(String clause, Object value, String types) {
        return new CelError("error during formatting: " + clause + " can only be used on " + types + ", was given "
                + Types.nameOf(value));
    }

    private void text(Object value, boolean nested) {
        evaluation.step();
        Arithmetic.check(out.length());
        switch (value) {
            case String s -> out.append(nested ? Texts.quote(s) : s);
            case Long l -> out.append(l);
            case UInt u -> out.append(u);
            case Boolean b -> out.append(b);
            case Null n -> out.append("null");
            case Double d when nested -> fixed(d, -1);
            case Double d -> out.append(Doubles.shortest(d));
            case Bytes b -> out.append(new String(b.value(), StandardCharsets.UTF_8));
            case Duration d -> out.append(nested ? "duration(\"" + Times.text(d) + "\")" : Times.text(d));
            case Instant i -> out.append(nested ? "timestamp(\"" + Times.text(i) + "\")" : Times.text(i));
            case TypeValue t -> out.append(t.name());
            case ListValue list -> list(list);
            case MapValue map -> map(map);
            default ->
                throw unfit(
                        "string clause",
                        value,
                        "strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps");
        }
    }

    private void list(ListValue list) {
        out.append('[');
        String between = "";
        for (Object element : list) {
            out.append(between);
            between = ", ";
            text(element, true);
        }
        out.append(']');
    }

    private void map(MapValue map) {
        List<String[]> entries = new ArrayList<>();
        for (Object key : map.keys()) {
            Formatting k = new Formatting(evaluation);
            k.text(key, true);
            Formatting v = new Formatting(evaluation);
            v.text(java.util.Objects.requireNonNull(map.find(key)), true);
            entries.add(new String[] {k.out.toString(), v.out.toString()});
        }
        entries.sort((x, y) -> x[0].compareTo(y[0]));
        out.append('{');
        String between = "";
        for (String[] entry : entries) {
            Arithmetic.check((long) out.length() + entry[0].length() + entry[1].length());
            out.append(between).append(entry[0]).append(':').append(entry[1]);
            between = ", ";
        }
        out.append('}');
    }

    private void decimal(Object value) {
        switch (value) {
            case Long l -> out.append(l);
            case UInt u -> out.append(u);
            case Double d when d.isNaN() || d.isInfinite() -> out.append(special(d));
            default -> throw unfit("decimal clause", value, "integers");
        }
    }

    private static String special(double d) {
        return Double.isNaN(d) ? "NaN" : d > 0 ? "∞" : "-∞";
    }

    private static double real(String clause, Object value) {
        return switch (value) {
            case Double d -> d;
            case Long l -> l;
            case UInt u -> u.toDouble();
            case String s when s.equals("NaN") -> Double.NaN;
            case String s when s.equals("Infinity") -> Double.POSITIVE_INFINITY;
            case String s when s.equals("-Infinity") -> Double.NEGATIVE_INFINITY;
            default -> throw unfit(clause, value, "doubles");
        };
    }

    private void fixed(Object value, int precision) {
        double d = real("fixed-point clause", value);
        out.append(
                Double.isNaN(d) || Double.isInfinite(d)
                        ? special(d)
                        : new BigDecimal(d)
                                .setScale(precision < 0 ? 6 : precision, RoundingMode.HALF_EVEN)
                                .toPlainString());
    }

    /** Upstream writes six decimals, whatever the clause says. */
    private void scientific(Object value) {
        double d = real("scientific clause", value);
        if (Double.isNaN(d) || Double.isInfinite(d)) {
            out.append(special(d));
            return;
        }
        String text = String.format(Locale.ROOT, "%.6e", d);
        int e = text.indexOf('e');
        out.append(text, 0, e).append("×10").append(text.charAt(e + 1) == '-' ? "⁻" : "");
        for (char digit : text.substring(e + 2).toCharArray()) {
            out.append("⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(digit - '0'));
        }
    }

    private static String radix(char verb, Object value, int radix) {
        return switch (value) {
            case Long l -> Long.toString(l, radix);
            case UInt u -> Long.toUnsignedString(u.bits(), radix);
            case Boolean b when verb == 'b' -> b ? "1" : "0";
            default ->
                throw unfit(
                        verb == 'b' ? "binary clause" : "octal clause",
                        value,
                        verb == 'b' ? "integers and bools" : "integers");
        };
    }

    private static String hex(Object value) {
        return switch (value) {
            case Long l -> BigInteger.valueOf(l).toString(16);
            case UInt u -> Long.toUnsignedString(u.bits(), 16);
            case String s -> HexFormat.of().formatHex(s.getBytes(StandardCharsets.UTF_8));
            case Bytes b -> HexFormat.of().formatHex(b.value());
            default -> throw unfit("hex clause", value, "integers, byte buffers, and strings");
        };
    }
}
