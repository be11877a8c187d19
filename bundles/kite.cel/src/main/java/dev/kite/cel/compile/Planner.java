package dev.kite.cel.compile;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelReference;
import dev.kite.cel.CelEnvironment;
import dev.kite.cel.CelException;
import dev.kite.cel.CelType;
import dev.kite.cel.eval.Attribute;
import dev.kite.cel.eval.Bytes;
import dev.kite.cel.eval.Call;
import dev.kite.cel.eval.CelError;
import dev.kite.cel.eval.Fold;
import dev.kite.cel.eval.ListValue;
import dev.kite.cel.eval.Node;
import dev.kite.cel.eval.Nodes;
import dev.kite.cel.eval.Null;
import dev.kite.cel.eval.Numbers;
import dev.kite.cel.eval.Program;
import dev.kite.cel.eval.TypeValue;
import dev.kite.cel.eval.UInt;
import dev.kite.cel.library.Costs;
import dev.kite.cel.library.Functions;
import dev.kite.cel.library.Regexes;
import dev.kite.cel.library.Standard;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes nodes of a checked tree. What cel-go's optimizer folds, and what it thereby makes free, is folded here too: literals of constants, conversions of
 * constants, membership in constant lists.
 */
final class Planner {
    private final CelAbstractSyntaxTree ast;
    private final CelEnvironment environment;
    private final Functions functions;
    private final Map<String, Integer> scope = new HashMap<>();
    private final Map<String, Program.Variable> variables = new HashMap<>();
    private final Set<String> reads = new LinkedHashSet<>();
    private int slots;

    Planner(CelAbstractSyntaxTree ast, CelEnvironment environment, Functions functions) {
        this.ast = ast;
        this.environment = environment;
        this.functions = functions;
    }

    Program program(String expression, CelType type) throws CelException {
        try {
            Literals.homogeneous(ast, ast.getExpr());
            Node root = plan(ast.getExpr());
            Estimate.Range cost = new Estimate(ast, environment).of(ast.getExpr());
            return new Program(
                    expression, type, cost.min(), cost.max(), Set.copyOf(reads), root, slots, Map.copyOf(variables));
        } catch (Literals.Invalid e) {
            throw e.exception(ast.getSource());
        } catch (CelError e) {
            throw Frontend.issue("program instantiation failed: " + e.getMessage());
        }
    }

    private Node plan(CelExpr e) {
        return switch (e.getKind()) {
            case CONSTANT -> new Node.Const(constant(e.constant()));
            case IDENT -> ident(e, e.ident().name());
            case SELECT -> select(e);
            case CALL -> call(e, e.call());
            case LIST -> list(e.list());
            case MAP -> map(e.map());
            case STRUCT -> struct(e);
            case COMPREHENSION -> fold(e.comprehension());
            default -> throw new CelError("unsupported expression");
        };
    }

    static Object constant(CelConstant c) {
        return switch (c.getKind()) {
            case BOOLEAN_VALUE -> c.booleanValue();
            case INT64_VALUE -> c.int64Value();
            case UINT64_VALUE -> new UInt(c.uint64Value().longValue());
            case DOUBLE_VALUE -> c.doubleValue();
            case STRING_VALUE -> c.stringValue();
            case BYTES_VALUE -> new Bytes(c.bytesValue().toByteArray());
            default -> Null.NULL;
        };
    }

    private Node ident(CelExpr e, String written) {
        CelReference reference = ast.getReference(e.id()).orElse(null);
        String name = reference == null ? written : reference.name();
        Integer local = scope.get(name);
        if (local != null) {
            if (environment.variables().containsKey(name)) {
                // Upstream's test for rules about changes counts the name, not the variable.
                reads.add(name);
            }
            return Attribute.variable(local, name);
        }
        if (reference != null && reference.value().isPresent()) {
            return new Node.Const(constant(reference.value().get()));
        }
        CelType type = environment.variables().get(name);
        if (type == null) {
            return new Node.Const(new TypeValue(name));
        }
        reads.add(name);
        Program.Variable variable = variables.get(name);
        if (variable == null) {
            variable = new Program.Variable(slots++, type);
            variables.put(name, variable);
        }
        return Attribute.variable(variable.slot(), name);
    }

    private Node select(CelExpr e) {
        if (ast.getReference(e.id()).isPresent()) {
            return ident(e, e.select().field());
        }
        CelExpr.CelSelect select = e.select();
        Node operand = plan(select.operand());
        String path = path(e);
        if (path != null) {
            reads.add(path);
        }
        Attribute attribute = Attribute.of(operand);
        return select.testOnly()
                ? attribute.has(select.field())
                : attribute.select(new Node.Const(select.field()), false);
    }

    /** The dotted path from a variable of the environment, or null. */
    private @Nullable String path(CelExpr e) {
        CelReference reference = ast.getReference(e.id()).orElse(null);
        if (reference != null
                && environment.variables().containsKey(reference.name())
                && !scope.containsKey(reference.name())) {
            return reference.name();
        }
        return switch (e.getKind()) {
            case SELECT -> {
                String operand = path(e.select().operand());
                yield operand == null ? null : operand + "." + e.select().field();
            }
            case CALL -> {
                CelExpr.CelCall call = e.call();
                boolean optional = call.function().equals("_?._");
                String operand = optional ? path(call.args().get(0)) : null;
                yield operand == null
                        ? null
                        : operand + "." + call.args().get(1).constant().stringValue();
            }
            default -> null;
        };
    }

    private Node call(CelExpr e, CelExpr.CelCall call) {
        List<CelExpr> all = new ArrayList<>();
        CelReference reference = ast.getReference(e.id()).orElse(null);
        List<String> ids = reference == null ? List.of() : reference.overloadIds();
        String name = call.function();
        if (call.target().isPresent()) {
            all.add(call.target().get());
        }
        all.addAll(call.args());
        String path = path(e);
        if (path != null) {
            reads.add(path);
        }
        Node[] args = all.stream().map(this::plan).toArray(Node[]::new);
        Literals.check(name, e, all);
        return switch (name) {
            case "_&&_" -> Nodes.logic(args[0], args[1], false);
            case "_||_" -> Nodes.logic(args[0], args[1], true);
            case "_?_:_" -> Attribute.choice(args[0], args[1], args[2]);
            case "_[_]" -> Attribute.of(args[0]).select(args[1], false);
            case "_?._", "_[?_]" -> Attribute.of(args[0]).select(args[1], true);
            case "@not_strictly_false", "__not_strictly_false__" -> Nodes.notStrictlyFalse(args[0]);
            case "or", "orValue" -> Nodes.or(args[0], args[1], name.equals("orValue"));
            default -> function(name, ids, args);
        };
    }

    private Node function(String name, List<String> ids, Node[] args) {
        String overload = ids.size() == 1 ? ids.getFirst() : "";
        if (overload.equals("in_list") && args[1] instanceof Node.Const c && c.value() instanceof ListValue list) {
            Set<Object> simple = simple(list);
            if (list.size() == 0) {
                return new Node.Const(false);
            }
            if (simple != null) {
                return Nodes.oneOf(args[0], simple);
            }
        }
        Call implementation = functions.call(name, ids);
        if (implementation == null) {
            implementation = Standard.call(name);
        } else if (Standard.call(name) != null) {
            implementation = both(implementation, Standard.call(name));
        }
        if (implementation == null) {
            throw new CelError("no such overload: " + name);
        }
        if (name.equals("matches") && args[1] instanceof Node.Const c && c.value() instanceof String pattern) {
            implementation = Regexes.matcher(pattern);
        }
        Node node = Nodes.call(args, Costs.of(name, overload), implementation);
        if (Standard.isConversion(name) && args.length == 1 && args[0] instanceof Node.Const) {
            return new Node.Const(Program.constant(node));
        }
        return node;
    }

    private static Call both(Call library, @Nullable Call standard) {
        return (evaluation, args) -> {
            try {
                return library.apply(evaluation, args);
            } catch (CelError e) {
                if (standard == null || !String.valueOf(e.getMessage()).startsWith("no such overload")) {
                    throw e;
                }
                return standard.apply(evaluation, args);
            }
        };
    }

    /** The elements of a list of simple values, with whole numbers as Long, or null. */
    private static @Nullable Set<Object> simple(ListValue list) {
        Set<Object> values = new HashSet<>();
        for (Object element : list) {
            switch (element) {
                case String s -> values.add(s);
                case Boolean b -> values.add(b);
                case Null n -> values.add(n);
                case Long l -> values.add(l);
                case UInt u -> values.add(Numbers.key(u));
                case Double d -> values.add(Numbers.key(d));
                default -> {
                    return null;
                }
            }
        }
        return values;
    }

    private Node list(CelExpr.CelList list) {
        List<Node> elements = list.elements().stream().map(this::plan).toList();
        Node node = Nodes.list(elements, Set.copyOf(list.optionalIndices()));
        return elements.stream().allMatch(n -> n instanceof Node.Const) ? new Node.Const(Program.constant(node)) : node;
    }

    private Node map(CelExpr.CelMap map) {
        List<Nodes.Entry> entries = map.entries().stream()
                .map(x -> new Nodes.Entry(plan(x.key()), plan(x.value()), x.optionalEntry()))
                .toList();
        Node node = Nodes.map(entries);
        return entries.stream().allMatch(x -> x.key() instanceof Node.Const && x.value() instanceof Node.Const)
                ? new Node.Const(Program.constant(node))
                : node;
    }

    private Node struct(CelExpr e) {
        CelReference reference = ast.getReference(e.id()).orElse(null);
        String type = reference == null ? e.struct().messageName() : reference.name();
        boolean patch = type.equals("JSONPatch") || type.equals("Object") || type.startsWith("Object.");
        if (!patch) {
            throw new CelError("unknown type: " + type);
        }
        List<Nodes.Entry> entries = e.struct().entries().stream()
                .map(x -> new Nodes.Entry(new Node.Const(x.fieldKey()), plan(x.value()), x.optionalEntry()))
                .toList();
        return Nodes.struct(type, entries);
    }

    private Node fold(CelExpr.CelComprehension c) {
        Node range = plan(c.iterRange());
        Node init = plan(c.accuInit());
        Map<String, Integer> outer = new HashMap<>(scope);
        int accumulator = slots++;
        int first = slots++;
        int second = c.iterVar2().isEmpty() ? -1 : slots++;
        scope.put(c.accuVar(), accumulator);
        scope.put(c.iterVar(), first);
        if (second >= 0) {
            scope.put(c.iterVar2(), second);
        }
        Node condition = plan(c.loopCondition());
        Node step = plan(c.loopStep());
        scope.clear();
        scope.putAll(outer);
        scope.put(c.accuVar(), accumulator);
        Node result = plan(c.result());
        scope.clear();
        scope.putAll(outer);
        boolean filled = c.loopCondition().getKind() == CelExpr.ExprKind.Kind.CONSTANT
                && c.loopCondition().constant().booleanValue();
        Fold.Fill fill = switch (c.accuInit().getKind()) {
            case LIST -> filled && c.accuInit().list().elements().isEmpty() ? Fold.Fill.LIST : null;
            case MAP -> filled && c.accuInit().map().entries().isEmpty() ? Fold.Fill.MAP : null;
            default -> null;
        };
        return new Fold(range, init, fill, condition, step, result, first, second, accumulator).node();
    }
}
