package dev.kite.cel.compile;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelReference;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.kite.cel.CelEnvironment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The static estimate: least and greatest cost, from the sizes that types permit (cel-go 0.26's checker/cost.go; where numbers saturate, at Long.MAX_VALUE). */
final class Estimate {
    static final Range ONE = new Range(1, 1);

    private final CelAbstractSyntaxTree ast;
    private final CelEnvironment environment;
    private final Map<Long, List<String>> paths = new HashMap<>();
    private final Map<Long, Range> sizes = new HashMap<>();
    private final Map<Long, Entry> entries = new HashMap<>();
    private final Map<String, List<Local>> locals = new HashMap<>();

    /** From least to greatest. */
    record Range(long min, long max) {
        static final Range ZERO = new Range(0, 0);
        static final Range UNKNOWN = new Range(0, Long.MAX_VALUE);

        static Range of(long n) {
            return new Range(n, n);
        }

        Range plus(Range o) {
            return new Range(add(min, o.min), add(max, o.max));
        }

        Range times(Range o) {
            return new Range(multiply(min, o.min), multiply(max, o.max));
        }

        Range times(double factor) {
            return new Range(scale(min, factor), scale(max, factor));
        }

        Range union(Range o) {
            return new Range(Math.min(min, o.min), Math.max(max, o.max));
        }

        static long add(long a, long b) {
            return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
        }

        static long multiply(long a, long b) {
            return b != 0 && a > Long.MAX_VALUE / b ? Long.MAX_VALUE : a * b;
        }

        private static long scale(long n, double factor) {
            if (n == Long.MAX_VALUE) {
                return factor == 0 ? 0 : Long.MAX_VALUE;
            }
            double product = Math.ceil(n * factor);
            return product >= Long.MAX_VALUE ? Long.MAX_VALUE : (long) product;
        }
    }

    /** The sizes of a container's keys and values. */
    record Entry(boolean list, Range key, Range value) {
        static @Nullable Entry union(@Nullable Entry a, @Nullable Entry b) {
            return a == null || b == null ? null : new Entry(a.list, a.key.union(b.key), a.value.union(b.value));
        }
    }

    private record Local(
            List<String> path,
            @Nullable Range size,
            @Nullable Entry entry) {}

    Estimate(CelAbstractSyntaxTree ast, CelEnvironment environment) {
        this.ast = ast;
        this.environment = environment;
    }

    Range of(CelExpr e) {
        return switch (e.getKind()) {
            case IDENT -> ident(e);
            case SELECT -> select(e);
            case CALL -> call(e);
            case LIST -> list(e);
            case MAP -> map(e);
            case STRUCT -> {
                Range sum = Range.of(40);
                for (CelExpr.CelStruct.Entry field : e.struct().entries()) {
                    sum = sum.plus(of(field.value()));
                }
                yield sum;
            }
            case COMPREHENSION -> isBind(e.comprehension()) ? bind(e) : fold(e);
            default -> Range.ZERO;
        };
    }

    private Range ident(CelExpr e) {
        String name = e.ident().name();
        Local local = local(name);
        paths.put(e.id(), local == null ? List.of(name) : local.path);
        return ONE;
    }

    private Range select(CelExpr e) {
        CelExpr.CelSelect select = e.select();
        Range operand = of(select.operand());
        if (select.testOnly()) {
            return operand;
        }
        Range sum = operand;
        CelType type = type(select.operand());
        if (type != null
                && (type.kind() == CelKind.MAP || type.kind() == CelKind.STRUCT || type.kind() == CelKind.TYPE_PARAM)) {
            sum = sum.plus(ONE);
        }
        paths.put(e.id(), more(path(select.operand()), select.field()));
        return sum;
    }

    private Range call(CelExpr e) {
        CelExpr.CelCall call = e.call();
        if (call.function().equals("dyn")) {
            CelExpr arg = call.args().getFirst();
            Range cost = of(arg).plus(ONE);
            setSize(e, size(arg));
            setEntry(e, entry(arg));
            return cost;
        }
        List<CelExpr> args = call.args();
        List<Range> costs = new ArrayList<>();
        for (CelExpr arg : args) {
            costs.add(of(arg));
        }
        List<String> ids = ast.getReference(e.id())
                .map(CelReference::overloadIds)
                .map(l -> (List<String>) l)
                .orElse(List.of());
        if (ids.isEmpty()) {
            return Range.ZERO;
        }
        Range sum = call.target().map(this::of).orElse(Range.ZERO);
        Range cost = new Range(Long.MAX_VALUE, 0);
        Range result = null;
        CallEstimates calls =
                new CallEstimates(this, e, call.function(), call.target().orElse(null), args, costs);
        for (String id : ids) {
            CallEstimates.Outcome one = calls.of(id);
            cost = cost.union(one.cost());
            if (one.size() != null) {
                result = result == null ? one.size() : result.union(one.size());
            }
            if (id.equals("index_list") || id.equals("index_map")) {
                Entry entry = entry(args.getFirst());
                result = entry == null ? null : entry.value;
                paths.put(e.id(), more(path(args.getFirst()), id.equals("index_list") ? "@items" : "@values"));
            }
            if (result == null) {
                result = size(e);
            }
        }
        setSize(e, result);
        return sum.plus(cost);
    }

    private Range list(CelExpr e) {
        Range sum = Range.of(10);
        Range element = new Range(e.list().elements().isEmpty() ? 0 : Long.MAX_VALUE, 0);
        for (CelExpr x : e.list().elements()) {
            sum = sum.plus(of(x));
            element = element.union(sizeOrUnknown(x));
        }
        entries.put(e.id(), new Entry(true, ONE, element));
        return sum;
    }

    private Range map(CelExpr e) {
        Range sum = Range.of(30);
        Range key = new Range(e.map().entries().isEmpty() ? 0 : Long.MAX_VALUE, 0);
        Range value = key;
        for (CelExpr.CelMap.Entry x : e.map().entries()) {
            sum = sum.plus(of(x.key())).plus(of(x.value()));
            key = key.union(sizeOrUnknown(x.key()));
            value = value.union(sizeOrUnknown(x.value()));
        }
        entries.put(e.id(), new Entry(false, key, value));
        return sum;
    }

    private static boolean isBind(CelExpr.CelComprehension c) {
        return c.iterRange().getKind() == CelExpr.ExprKind.Kind.LIST
                && c.iterRange().list().elements().isEmpty()
                && c.loopCondition().getKind() == CelExpr.ExprKind.Kind.CONSTANT
                && c.loopCondition().constant().getKind() == CelConstant.Kind.BOOLEAN_VALUE
                && !c.loopCondition().constant().booleanValue();
    }

    private Range bind(CelExpr e) {
        CelExpr.CelComprehension c = e.comprehension();
        Range sum = of(c.iterRange()).plus(of(c.accuInit()));
        push(c.accuVar(), new Local(path(c.accuInit()), size(c.accuInit()), entry(c.accuInit())));
        sum = sum.plus(of(c.result()));
        Range size = size(c.result());
        Entry entry = entry(c.result());
        pop(c.accuVar());
        setSize(e, size);
        setEntry(e, entry);
        return sum;
    }

    private Range fold(CelExpr e) {
        CelExpr.CelComprehension c = e.comprehension();
        Range sum = of(c.iterRange()).plus(of(c.accuInit()));
        push(c.accuVar(), new Local(path(c.accuInit()), size(c.accuInit()), entry(c.accuInit())));
        Entry entry = entry(c.iterRange());
        CelType rangeType = type(c.iterRange());
        boolean list = entry != null ? entry.list : rangeType != null && rangeType.kind() == CelKind.LIST;
        List<String> path = path(c.iterRange());
        Local key = new Local(more(path, list ? "@indices" : "@keys"), entry == null ? null : entry.key, null);
        Local value = new Local(more(path, list ? "@items" : "@values"), entry == null ? null : entry.value, null);
        boolean two = !c.iterVar2().isEmpty();
        push(c.iterVar(), two || !list ? key : value);
        if (two) {
            push(c.iterVar2(), value);
        }
        Range turn = of(c.loopCondition()).plus(of(c.loopStep()));
        pop(c.iterVar());
        if (two) {
            pop(c.iterVar2());
        }
        sum = sum.plus(of(c.result()));
        pop(c.accuVar());
        Range count = sizeOrUnknown(c.iterRange());
        sum = sum.plus(count.times(turn));
        switch (c.accuInit().getKind()) {
            case CONSTANT -> setSize(e, size(c.accuInit()));
            case LIST, MAP -> {
                setSize(e, count);
                setEntry(e, entry(c.loopStep()));
            }
            default -> {}
        }
        return sum;
    }

    private @Nullable Local local(CelExpr e) {
        return e.getKind() == CelExpr.ExprKind.Kind.IDENT ? local(e.ident().name()) : null;
    }

    private void push(String name, Local local) {
        locals.computeIfAbsent(name, n -> new ArrayList<>()).add(local);
    }

    private void pop(String name) {
        List<Local> stack = locals.get(name);
        if (stack != null) {
            stack.removeLast();
        }
    }

    private @Nullable Local local(String name) {
        List<Local> stack = locals.get(name);
        return stack == null || stack.isEmpty() ? null : stack.getLast();
    }

    @Nullable
    CelType type(CelExpr e) {
        return ast.getType(e.id()).orElse(null);
    }

    List<String> path(CelExpr e) {
        Local local = local(e);
        if (local != null) {
            return local.path;
        }
        return paths.getOrDefault(e.id(), List.of());
    }

    private static List<String> more(List<String> path, String part) {
        List<String> more = new ArrayList<>(path);
        more.add(part);
        return more;
    }

    void setSize(CelExpr e, @Nullable Range size) {
        if (size != null) {
            sizes.put(e.id(), size);
        }
    }

    void setEntry(CelExpr e, @Nullable Entry entry) {
        if (entry != null) {
            entries.put(e.id(), entry);
        }
    }

    @Nullable
    Entry entry(CelExpr e) {
        Entry known = entries.get(e.id());
        if (known != null) {
            return known;
        }
        Local local = local(e);
        return local == null ? null : local.entry;
    }

    Range sizeOrUnknown(CelExpr e) {
        Range size = size(e);
        return size == null ? Range.UNKNOWN : size;
    }

    @Nullable
    Range size(CelExpr e) {
        Range known = sizes.get(e.id());
        if (known != null) {
            return known;
        }
        Range literal = literal(e);
        if (literal != null) {
            return literal;
        }
        Range bound = bound(path(e));
        if (bound != null) {
            sizes.put(e.id(), bound);
            return bound;
        }
        CelType type = type(e);
        if (type != null && isScalar(type)) {
            return ONE;
        }
        Local local = local(e);
        return local == null ? null : local.size;
    }

    private static @Nullable Range literal(CelExpr e) {
        return switch (e.getKind()) {
            case CONSTANT ->
                switch (e.constant().getKind()) {
                    case STRING_VALUE -> {
                        String s = e.constant().stringValue();
                        yield Range.of(s.codePointCount(0, s.length()));
                    }
                    case BYTES_VALUE -> Range.of(e.constant().bytesValue().size());
                    default -> ONE;
                };
            case LIST -> Range.of(e.list().elements().size());
            case MAP -> Range.of(e.map().entries().size());
            default -> null;
        };
    }

    private static boolean isScalar(CelType type) {
        return switch (type.kind()) {
            case BOOL, DOUBLE, DURATION, INT, TIMESTAMP, UINT -> true;
            case OPAQUE ->
                type.name().startsWith("optional_type")
                        && !type.parameters().isEmpty()
                        && isScalar(type.parameters().getFirst());
            default -> false;
        };
    }

    /** The size that the declared type at a path permits, or null for a path that leads to none. */
    @Nullable
    Range bound(List<String> path) {
        if (path.isEmpty()) {
            return null;
        }
        dev.kite.cel.CelType type = environment.variables().get(path.getFirst());
        if (type == null && path.size() == 1) {
            // As upstream, whose estimate of rules takes every name for self.
            type = environment.variables().get("self");
        }
        for (String part : path.subList(1, path.size())) {
            type = part(type, part);
        }
        return switch (type) {
            case null -> null;
            case dev.kite.cel.CelType.Scalar s
            when isText(s) && s.maxSize() != dev.kite.cel.CelType.UNBOUNDED -> new Range(0, s.maxSize());
            case dev.kite.cel.CelType.Scalar s
            when s.kind() == dev.kite.cel.CelType.Kind.TIMESTAMP || s.kind() == dev.kite.cel.CelType.Kind.DURATION ->
                s.maxSize() == 1 ? null : new Range(0, s.maxSize());
            case dev.kite.cel.CelType.Scalar s
            when s.kind() != dev.kite.cel.CelType.Kind.DYN && !isText(s) -> Range.ZERO;
            case dev.kite.cel.CelType.ListOf l
            when l.maxItems() != dev.kite.cel.CelType.UNBOUNDED -> new Range(0, l.maxItems());
            case dev.kite.cel.CelType.MapOf m
            when m.maxEntries() != dev.kite.cel.CelType.UNBOUNDED -> new Range(0, m.maxEntries());
            case dev.kite.cel.CelType.ObjectOf o -> Range.ZERO;
            default -> null;
        };
    }

    private static boolean isText(dev.kite.cel.CelType.Scalar s) {
        return switch (s.kind()) {
            case DYN, STRING, BYTES -> true;
            default -> false;
        };
    }

    private static dev.kite.cel.@Nullable CelType part(dev.kite.cel.@Nullable CelType type, String part) {
        return switch (type) {
            case dev.kite.cel.CelType.ListOf l when part.equals("@items") -> l.element();
            case dev.kite.cel.CelType.MapOf m when part.equals("@values") -> m.value();
            case dev.kite.cel.CelType.MapOf m when part.equals("@keys") -> m.key();
            case dev.kite.cel.CelType.ObjectOf o -> {
                dev.kite.cel.CelType.Field field = o.fields().get(part);
                yield field == null ? null : field.type();
            }
            case null, default -> null;
        };
    }
}
