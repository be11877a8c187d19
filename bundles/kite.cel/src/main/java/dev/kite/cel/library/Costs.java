package dev.kite.cel.library;

import static dev.kite.cel.eval.Types.sizeOf;

import dev.kite.cel.eval.Bytes;
import dev.kite.cel.eval.Cost;
import dev.kite.cel.eval.LibraryValue;
import dev.kite.cel.eval.ListValue;
import dev.kite.cel.eval.MapValue;

/**
 * What calls cost when they are made: the numbers of cel-go 0.26's tracker and of Kubernetes 1.36's library.CostEstimator. They are known from the function's
 * name and, where the checker found exactly one, the overload; with arguments of type dyn many functions cost only 1.
 */
public final class Costs {
    /** An authorization check: two fit into one call's limit. */
    static final long CHECK = 350_000;

    private static final double REGEX = 0.25;

    private Costs() {}

    /**
     * Of a call.
     *
     * @param overload the one that the checker found, or empty for several
     */
    public static Cost of(String function, String overload) {
        Cost byOverload = overloads(overload);
        if (byOverload != null) {
            return byOverload;
        }
        return switch (function) {
            case "check" -> a -> CHECK;
            case "fieldSelector", "labelSelector" -> a -> a.length < 2 ? 1 : selector(sizeOf(a[1]));
            case "isSorted", "sum", "max", "min", "indexOf", "lastIndexOf" -> a -> a.length == 0 ? 0 : traversal(a[0]);
            case "url", "lowerAscii", "upperAscii", "substring", "trim", "jsonpatch.escapeKey" ->
                a -> text(sizeOf(a[0]), 1);
            case "replace", "split" -> a -> text(sizeOf(a[0]), 2);
            case "join" -> a -> text(joined(a), 2);
            case "find", "findAll" -> a -> a.length < 2 ? 1 : regex(sizeOf(a[0]), sizeOf(a[1]));
            case "cidr", "isIP", "isCIDR" -> a -> text(sizeOf(a[0]), 1);
            case "ip" -> overload.equals("cidr_ip") ? a -> 1 : a -> text(sizeOf(a[0]), 1);
            case "ip.isCanonical" -> a -> text(sizeOf(a[0]), 2);
            case "containsIP" ->
                a -> text(2 * sizeOf(a[0]), 1)
                        + (overload.equals("cidr_contains_ip_string") ? text(sizeOf(a[1]), 1) : 0);
            case "containsCIDR" ->
                a -> text(2 * sizeOf(a[0]), 1)
                        + text(sizeOf(a[0]), 1)
                        + 1
                        + (overload.equals("cidr_contains_cidr_string") ? text(sizeOf(a[1]), 1) : 0);
            case "quantity", "isQuantity", "semver", "isSemver" -> a -> text(sizeOf(a[0]), 1);
            case "validate" ->
                a -> a.length == 2 && a[0] instanceof Formats.Format f ? regex(sizeOf(a[1]), f.regexSize()) : 1;
            case "_==_" -> a -> a[0] instanceof LibraryValue ? 1 : equality(a);
            case "_!=_" -> Costs::equality;
            default -> a -> 1;
        };
    }

    private static @org.jspecify.annotations.Nullable Cost overloads(String overload) {
        return switch (overload) {
            case "starts_with_string", "ends_with_string" -> a -> text(sizeOf(a[0]), 1);
            case "string_to_bytes", "bytes_to_string", "string_format" -> a -> text(sizeOf(a[0]), 1);
            case "strings_quote" -> a -> text(sizeOf(a[0]), 1);
            case "in_list" -> a -> sizeOf(a[1]);
            case "less_string",
                    "greater_string",
                    "less_equals_string",
                    "greater_equals_string",
                    "less_bytes",
                    "greater_bytes",
                    "less_equals_bytes",
                    "greater_equals_bytes" -> Costs::equality;
            case "add_string", "add_bytes" -> a -> text(sizeOf(a[0]) + sizeOf(a[1]), 1);
            case "matches", "matches_string" -> a -> regex(sizeOf(a[0]), sizeOf(a[1]));
            case "contains_string" -> a -> text(sizeOf(a[0]), 1) * text(sizeOf(a[1]), 1);
            case "list_slice" -> a -> allocating(1, slice(a));
            case "list_reverse" -> a -> allocating(1, sizeOf(a[0]));
            case "lists_range" -> a -> allocating(1, a[0] instanceof Long n ? Math.max(0, n) : 0);
            case "list_flatten" -> a -> allocating(1, sizeOf(a[0]));
            case "list_flatten_int" ->
                a -> allocating(a[1] instanceof Long n ? (double) Math.max(0, n) : 1, sizeOf(a[0]));
            case "list_distinct" -> a -> selfCompare(a[0]);
            case "list_sets_contains_list", "list_sets_intersects_list" -> a -> 1 + sizeOf(a[0]) * sizeOf(a[1]);
            case "list_sets_equivalent_list" -> a -> 1 + 2 * sizeOf(a[0]) * sizeOf(a[1]);
            default -> sorts(overload);
        };
    }

    private static @org.jspecify.annotations.Nullable Cost sorts(String overload) {
        if (overload.startsWith("list_") && overload.endsWith("_sort")) {
            return a -> selfCompare(a[0]);
        }
        return overload.startsWith("list_") && overload.endsWith("_sortByAssociatedKeys")
                ? a -> selfCompare(a[1])
                : null;
    }

    private static long slice(Object[] a) {
        return a[1] instanceof Long from && a[2] instanceof Long to ? Math.clamp(to - from, 0, sizeOf(a[0])) : 0;
    }

    private static long allocating(double factor, long size) {
        double cost = size * factor;
        return cost > Long.MAX_VALUE / 4.0 ? Long.MAX_VALUE / 4 : (long) cost + 1 + 10;
    }

    /** Every element with every other, twice; text costs a little more. */
    private static long selfCompare(Object value) {
        long size = sizeOf(value);
        boolean text =
                value instanceof ListValue l && size > 0 && (l.get(0) instanceof String || l.get(0) instanceof Bytes);
        return (long) ((double) size * size * (text ? 2 + Cost.TEXT : 2)) + 1 + 10;
    }

    private static long text(long size, int times) {
        return (long) Math.ceil(size * times * Cost.TEXT);
    }

    private static long regex(long size, long pattern) {
        return (long) Math.ceil((1.0 + size) * Cost.TEXT) * (long) Math.ceil(pattern * REGEX);
    }

    private static long equality(Object[] a) {
        return text(Math.min(sizeOf(a[0]), sizeOf(a[1])), 1);
    }

    private static long selector(long size) {
        return 10 + text(size, 1) + (long) Math.ceil(Math.ceil(size * 0.5) * 50);
    }

    private static long joined(Object[] a) {
        long size = 0;
        if (a[0] instanceof ListValue list) {
            for (Object element : list) {
                size += sizeOf(element);
            }
            size += a.length > 1 && list.size() > 0 ? (list.size() - 1) * sizeOf(a[1]) : 0;
        }
        return size;
    }

    private static long traversal(Object value) {
        return switch (value) {
            case String s -> (long) (utf8(s) * Cost.TEXT);
            case Bytes b -> (long) (b.value().length * Cost.TEXT);
            case ListValue list -> {
                long sum = 0;
                for (Object element : list) {
                    sum += traversal(element);
                }
                yield sum;
            }
            case MapValue map -> {
                long sum = 0;
                for (Object key : map.keys()) {
                    Object part = map.find(key);
                    sum += traversal(key) + (part == null ? 1 : traversal(part));
                }
                yield sum;
            }
            default -> 1;
        };
    }

    private static long utf8(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }
}
