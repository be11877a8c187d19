package dev.kite.cel.compile;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelType;
import dev.kite.cel.compile.Estimate.Entry;
import dev.kite.cel.compile.Estimate.Range;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The static estimate of a call: Kubernetes' numbers for its libraries, else CEL's. */
final class CallEstimates {
    private static final double TEXT = 0.1;
    private static final double REGEX = 0.25;
    private static final Range ONE = Estimate.ONE;

    private final Estimate estimate;
    private final CelExpr call;
    private final String function;
    private final @Nullable CelExpr target;
    private final List<CelExpr> args;
    private final List<Range> costs;

    /** What a call costs, and the size of what it gives where that is known. */
    record Outcome(Range cost, @Nullable Range size) {}

    CallEstimates(
            Estimate estimate,
            CelExpr call,
            String function,
            @Nullable CelExpr target,
            List<CelExpr> args,
            List<Range> costs) {
        this.estimate = estimate;
        this.call = call;
        this.function = function;
        this.target = target;
        this.args = args;
        this.costs = costs;
    }

    Outcome of(String id) {
        Outcome known = overload(id);
        if (known == null) {
            known = kubernetes(id);
        }
        if (known != null) {
            return new Outcome(known.cost.plus(argCosts()), known.size);
        }
        return standard(id);
    }

    private Range argCosts() {
        Range sum = Range.ZERO;
        for (Range cost : costs) {
            sum = sum.plus(cost);
        }
        return sum;
    }

    private Range size(@Nullable CelExpr e) {
        return e == null ? Range.UNKNOWN : estimate.sizeOrUnknown(e);
    }

    private Range arg(int index) {
        return index < args.size() ? size(args.get(index)) : Range.UNKNOWN;
    }

    private static Outcome cost(Range cost) {
        return new Outcome(cost, null);
    }

    private @Nullable Outcome overload(String id) {
        return switch (id) {
            case "list_slice" -> allocating(1, slice());
            case "list_reverse" -> allocating(1, size(target));
            case "lists_range" -> allocating(1, range());
            case "list_flatten", "list_flatten_int" -> allocating(id.endsWith("int") ? depth() : 1, size(target));
            case "list_distinct" -> sort(target);
            case "list_sets_contains_list", "list_sets_intersects_list" ->
                cost(arg(0).times(arg(1)).times(1.0).plus(ONE));
            case "list_sets_equivalent_list" ->
                cost(arg(0).times(arg(1)).times(2.0).plus(ONE));
            default -> {
                if (id.endsWith("_sort")) {
                    yield sort(target);
                }
                yield id.endsWith("_sortByAssociatedKeys") ? sort(args.getFirst()) : null;
            }
        };
    }

    private static Outcome allocating(double factor, Range size) {
        return new Outcome(size.times(factor).plus(ONE).plus(Range.of(10)), size);
    }

    private Outcome sort(@Nullable CelExpr list) {
        Range size = size(list);
        CelType element = list == null ? null : element(list);
        Range squared = size.times(size);
        double factor = element != null && TypeMapper.isText(element) ? 2 + TEXT : 2;
        return new Outcome(squared.times(factor).plus(ONE).plus(Range.of(10)), squared);
    }

    private Range slice() {
        Long from = number(0);
        Long to = number(1);
        long end = to == null ? size(target).max() : Math.max(0, to);
        return Range.of(Math.max(0, end - (from == null ? 0 : Math.max(0, from))));
    }

    private Range range() {
        Long count = number(0);
        return count == null ? Range.UNKNOWN : Range.of(Math.max(0, count));
    }

    private double depth() {
        Long depth = number(0);
        return depth == null ? Long.MAX_VALUE : Math.max(0, depth);
    }

    private @Nullable Long number(int index) {
        boolean constant = index < args.size() && args.get(index).getKind() == CelExpr.ExprKind.Kind.CONSTANT;
        return constant && args.get(index).constant().getKind() == CelConstant.Kind.INT64_VALUE
                ? (Long) args.get(index).constant().int64Value()
                : null;
    }

    private @Nullable CelType element(CelExpr list) {
        CelType type = estimate.type(list);
        return type == null || type.parameters().isEmpty()
                ? null
                : type.parameters().getFirst();
    }

    private Range elementSize(CelExpr list) {
        List<String> path = new java.util.ArrayList<>(estimate.path(list));
        if (path.isEmpty()) {
            return Range.UNKNOWN;
        }
        path.add("@items");
        Range size = estimate.bound(path);
        return size == null ? Range.UNKNOWN : size;
    }

    private @Nullable Outcome kubernetes(String id) {
        return switch (function) {
            case "check" -> cost(Range.of(350_000));
            case "serviceAccount",
                    "path",
                    "group",
                    "resource",
                    "subresource",
                    "namespace",
                    "name",
                    "allowed",
                    "reason",
                    "error",
                    "errored",
                    "masked",
                    "prefixLength",
                    "family",
                    "isUnspecified",
                    "isLoopback",
                    "isLinkLocalMulticast",
                    "isLinkLocalUnicast",
                    "isGlobalUnicast",
                    "format.named",
                    "sign",
                    "asInteger",
                    "isInteger",
                    "asApproximateFloat",
                    "isGreaterThan",
                    "isLessThan",
                    "compareTo",
                    "add",
                    "sub",
                    "major",
                    "minor",
                    "patch",
                    "getScheme",
                    "getHostname",
                    "getHost",
                    "getPort",
                    "getEscapedPath",
                    "getQuery" -> cost(ONE);
            case "fieldSelector", "labelSelector" ->
                cost(Range.of(10)
                        .plus(arg(0).times(TEXT))
                        .plus(arg(0).times(0.5).times(50.0)));
            case "isSorted", "sum", "max", "min", "indexOf", "lastIndexOf" ->
                target == null ? null : cost(scan(target));
            case "url", "jsonpatch.escapeKey" -> new Outcome(arg(0).times(TEXT), arg(0));
            case "lowerAscii", "upperAscii", "substring", "trim" ->
                new Outcome(size(target).times(TEXT), size(target));
            case "replace" -> args.size() < 2 ? null : new Outcome(size(target).times(2 * TEXT), replaced());
            case "split" -> {
                Long most = number(1);
                yield new Outcome(
                        size(target).times(2 * TEXT),
                        new Range(0, most == null ? size(target).max() : most < 0 ? Long.MAX_VALUE : most));
            }
            case "join" -> target == null ? null : join(target);
            case "find", "findAll" ->
                new Outcome(
                        size(target).plus(ONE).times(TEXT).times(arg(0).times(REGEX)),
                        new Range(0, size(target).max()));
            case "cidr", "isIP", "isCIDR", "quantity", "isQuantity", "semver", "isSemver" -> cost(arg(0).times(TEXT));
            case "ip" -> cost(id.equals("cidr_ip") ? ONE : arg(0).times(TEXT));
            case "ip.isCanonical" -> cost(arg(0).times(2 * TEXT));
            case "containsIP", "containsCIDR" -> cost(contains(id));
            case "validate" -> cost(arg(0).times(TEXT).times(128 * REGEX));
            case "_==_" -> equality();
            default -> null;
        };
    }

    private Range scan(CelExpr list) {
        CelType element = element(list);
        if (element == null) {
            return size(list).times(TEXT);
        }
        Range each = TypeMapper.isText(element) ? ONE.plus(elementSize(list).times(TEXT)) : ONE;
        return size(list).times(each);
    }

    private Range contains(String id) {
        Range address = new Range(4, 16);
        Range cost = address.plus(address).times(TEXT);
        if (function.equals("containsCIDR")) {
            cost = cost.plus(address.times(TEXT)).plus(ONE);
        }
        return id.endsWith("_string") ? cost.plus(arg(0).times(TEXT)) : cost;
    }

    private Range replaced() {
        Range size = size(target);
        Range from = arg(0);
        Range to = arg(1);
        long most =
                from.min() == 0 ? Range.add(size.max(), 1) : to.max() <= from.min() ? 0 : ceil(size.max(), from.min());
        long mostKept = from.min() == 0 || to.max() <= from.min() ? size.max() : 0;
        long least =
                from.max() == 0 ? Range.add(size.min(), 1) : from.max() <= to.min() ? 0 : ceil(size.min(), from.max());
        long leastKept = from.max() == 0 || from.max() <= to.min() ? size.min() : 0;
        return new Range(least, most).times(to).plus(new Range(leastKept, mostKept));
    }

    private static long ceil(long a, long b) {
        return a == Long.MAX_VALUE ? a : (long) Math.ceil((double) a / b);
    }

    private Outcome join(CelExpr list) {
        Range count = size(list);
        Range size = count.times(elementSize(list));
        if (!args.isEmpty()) {
            Range between = new Range(Math.max(0, count.min() - 1), Math.max(0, count.max() - 1));
            size = size.plus(arg(0).times(between));
        }
        return new Outcome(size.times(TEXT), size);
    }

    private @Nullable Outcome equality() {
        CelType left = estimate.type(args.getFirst());
        CelType right = estimate.type(args.getLast());
        if (left == null || right == null || !left.name().equals(right.name())) {
            return null;
        }
        return switch (left.name()) {
            case "net.IP",
                    "net.CIDR",
                    "kubernetes.Quantity",
                    "kubernetes.Semver",
                    "kubernetes.authorization.Authorizer",
                    "kubernetes.authorization.PathCheck",
                    "kubernetes.authorization.GroupCheck",
                    "kubernetes.authorization.ResourceCheck",
                    "kubernetes.authorization.Decision" -> cost(ONE);
            case "kubernetes.NamedFormat" -> cost(new Range(1, 64).times(TEXT));
            case "kubernetes.URL" -> cost(new Range(1, arg(1).max() == Long.MAX_VALUE ? 1 : arg(1).max()).times(TEXT));
            default -> null;
        };
    }

    private Outcome standard(String id) {
        return switch (id) {
            case "string_format" -> cost(size(target).times(TEXT).plus(argCosts()));
            case "string_to_bytes" ->
                new Outcome(
                        arg(0).times(TEXT).plus(argCosts()), new Range(arg(0).min(), Range.multiply(arg(0).max(), 4)));
            case "bytes_to_string" ->
                new Outcome(arg(0).times(TEXT).plus(argCosts()), new Range(arg(0).min() / 4, arg(0).max()));
            case "strings_quote" ->
                new Outcome(
                        arg(0).times(TEXT).plus(argCosts()),
                        new Range(arg(0).min() + 2, Range.add(Range.multiply(arg(0).max(), 2), 2)));
            case "starts_with_string", "ends_with_string" ->
                cost(arg(0).times(TEXT).plus(argCosts()));
            case "in_list" -> cost(arg(1).times(1.0).plus(argCosts()));
            case "matches_string", "matches" -> {
                Range text = target == null ? arg(0) : size(target);
                Range pattern = target == null ? arg(1) : arg(0);
                yield target == null
                        ? cost(ONE.plus(argCosts()))
                        : cost(text.plus(ONE)
                                .times(TEXT)
                                .times(pattern.times(REGEX))
                                .plus(argCosts()));
            }
            case "contains_string" ->
                cost(size(target).times(TEXT).times(arg(0).times(TEXT)).plus(argCosts()));
            case "logical_or", "logical_and" ->
                cost(new Range(
                        costs.get(0).min(), costs.get(0).plus(costs.get(1)).max()));
            case "conditional" -> {
                estimate.setEntry(call, Entry.union(estimate.entry(args.get(1)), estimate.entry(args.get(2))));
                yield new Outcome(costs.get(0).plus(costs.get(1).union(costs.get(2))), arg(1).union(arg(2)));
            }
            case "add_string", "add_bytes", "add_list" -> {
                Range size = arg(0).plus(arg(1));
                estimate.setEntry(call, Entry.union(estimate.entry(args.get(0)), estimate.entry(args.get(1))));
                Range cost = id.equals("add_list") ? ONE : size.times(TEXT);
                yield new Outcome(cost.plus(argCosts()), size);
            }
            case "less_string",
                    "greater_string",
                    "less_equals_string",
                    "greater_equals_string",
                    "less_bytes",
                    "greater_bytes",
                    "less_equals_bytes",
                    "greater_equals_bytes",
                    "equals",
                    "not_equals" -> {
                long most = Math.min(arg(0).max(), arg(1).max());
                yield cost(new Range(most > 0 ? 1 : 0, most).times(TEXT).plus(argCosts()));
            }
            default -> cost(ONE.plus(argCosts()));
        };
    }
}
