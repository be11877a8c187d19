package dev.kite.cel.compile;

import com.google.common.collect.ImmutableList;
import dev.cel.common.CelIssue;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.parser.CelMacro;
import dev.cel.parser.CelMacroExprFactory;
import java.util.List;
import java.util.Optional;

/** The macros that dev.cel's parser lacks: optional values, two variables, sortBy. Their expansions have upstream's shape, on which costs depend. */
final class Macros {
    private static final String UNUSED = "#unused";

    static final List<CelMacro> ALL = List.of(
            CelMacro.newReceiverMacro("optMap", 2, (f, t, a) -> optional(f, t, a, true)),
            CelMacro.newReceiverMacro("optFlatMap", 2, (f, t, a) -> optional(f, t, a, false)),
            CelMacro.newReceiverMacro("sortBy", 2, Macros::sortBy),
            CelMacro.newReceiverMacro(
                    "all",
                    3,
                    (f, t, a) -> fold(
                            f,
                            t,
                            a,
                            f.newBoolLiteral(true),
                            f.newGlobalCall("@not_strictly_false", accu(f)),
                            f.newGlobalCall("_&&_", accu(f), a.get(2)),
                            accu(f))),
            CelMacro.newReceiverMacro(
                    "exists",
                    3,
                    (f, t, a) -> fold(
                            f,
                            t,
                            a,
                            f.newBoolLiteral(false),
                            f.newGlobalCall("@not_strictly_false", f.newGlobalCall("!_", accu(f))),
                            f.newGlobalCall("_||_", accu(f), a.get(2)),
                            accu(f))),
            CelMacro.newReceiverMacro("existsOne", 3, Macros::one),
            CelMacro.newReceiverMacro("exists_one", 3, Macros::one),
            CelMacro.newReceiverMacro("transformList", 3, Macros::list),
            CelMacro.newReceiverMacro("transformList", 4, Macros::list),
            CelMacro.newReceiverMacro("transformMap", 3, Macros::map),
            CelMacro.newReceiverMacro("transformMap", 4, Macros::map),
            CelMacro.newReceiverMacro("transformMapEntry", 3, Macros::entries),
            CelMacro.newReceiverMacro("transformMapEntry", 4, Macros::entries));

    private Macros() {}

    private static CelExpr accu(CelMacroExprFactory f) {
        return f.newIdentifier(f.getAccumulatorVarName());
    }

    private static Optional<CelExpr> error(CelMacroExprFactory f, CelExpr at, String message) {
        return Optional.of(f.reportError(CelIssue.formatError(f.getSourceLocation(at), message)));
    }

    private static boolean isName(CelExpr e) {
        return e.getKind() == CelExpr.ExprKind.Kind.IDENT;
    }

    private static Optional<CelExpr> fold(
            CelMacroExprFactory f,
            CelExpr target,
            ImmutableList<CelExpr> args,
            CelExpr init,
            CelExpr condition,
            CelExpr step,
            CelExpr result) {
        for (CelExpr name : List.of(args.get(0), args.get(1))) {
            if (!isName(name)) {
                return error(f, name, "argument must be a simple name");
            }
            if (name.ident().name().equals(f.getAccumulatorVarName())) {
                return error(f, name, "iteration variable overwrites accumulator variable");
            }
        }
        String one = args.get(0).ident().name();
        String two = args.get(1).ident().name();
        if (one.equals(two)) {
            return error(f, args.get(1), "duplicate variable name: " + one);
        }
        return Optional.of(f.fold(one, two, target, f.getAccumulatorVarName(), init, condition, step, result));
    }

    private static Optional<CelExpr> one(CelMacroExprFactory f, CelExpr t, ImmutableList<CelExpr> a) {
        CelExpr more = f.newGlobalCall("_+_", accu(f), f.newIntLiteral(1));
        return fold(
                f,
                t,
                a,
                f.newIntLiteral(0),
                f.newBoolLiteral(true),
                f.newGlobalCall("_?_:_", a.get(2), more, accu(f)),
                f.newGlobalCall("_==_", accu(f), f.newIntLiteral(1)));
    }

    private static CelExpr filtered(CelMacroExprFactory f, ImmutableList<CelExpr> a, CelExpr step) {
        return a.size() == 4 ? f.newGlobalCall("_?_:_", a.get(2), step, accu(f)) : step;
    }

    private static Optional<CelExpr> list(CelMacroExprFactory f, CelExpr t, ImmutableList<CelExpr> a) {
        CelExpr step = f.newGlobalCall("_+_", accu(f), f.newList(a.getLast()));
        return fold(f, t, a, f.newList(), f.newBoolLiteral(true), filtered(f, a, step), accu(f));
    }

    private static Optional<CelExpr> map(CelMacroExprFactory f, CelExpr t, ImmutableList<CelExpr> a) {
        String key = isName(a.get(0)) ? a.get(0).ident().name() : "";
        CelExpr step = f.newGlobalCall("cel.@mapInsert", accu(f), f.newIdentifier(key), a.getLast());
        return fold(f, t, a, f.newMap(), f.newBoolLiteral(true), filtered(f, a, step), accu(f));
    }

    private static Optional<CelExpr> entries(CelMacroExprFactory f, CelExpr t, ImmutableList<CelExpr> a) {
        CelExpr step = f.newGlobalCall("cel.@mapInsert", accu(f), a.getLast());
        return fold(f, t, a, f.newMap(), f.newBoolLiteral(true), filtered(f, a, step), accu(f));
    }

    /** A name for a value: a comprehension over nothing, whose accumulator it is. */
    private static CelExpr bind(CelMacroExprFactory f, String name, CelExpr value, CelExpr result) {
        return f.fold(UNUSED, f.newList(), name, value, f.newBoolLiteral(false), f.newIdentifier(name), result);
    }

    private static Optional<CelExpr> optional(
            CelMacroExprFactory f, CelExpr target, ImmutableList<CelExpr> a, boolean wrap) {
        if (!isName(a.get(0))) {
            return error(
                    f, a.get(0), (wrap ? "optMap" : "optFlatMap") + "() variable name must be a simple identifier");
        }
        CelExpr value = f.newReceiverCall("value", f.copy(target));
        CelExpr bound = bind(f, a.get(0).ident().name(), value, a.get(1));
        return Optional.of(f.newGlobalCall(
                "_?_:_",
                f.newReceiverCall("hasValue", target),
                wrap ? f.newGlobalCall("optional.of", bound) : bound,
                f.newGlobalCall("optional.none")));
    }

    private static Optional<CelExpr> sortBy(CelMacroExprFactory f, CelExpr target, ImmutableList<CelExpr> a) {
        String input = "@__sortBy_input__";
        if (!isName(a.get(0))) {
            return error(f, a.get(0), "argument must be a simple name");
        }
        CelExpr keys = f.fold(
                a.get(0).ident().name(),
                f.newIdentifier(input),
                f.getAccumulatorVarName(),
                f.newList(),
                f.newConstant(CelConstant.ofValue(true)),
                f.newGlobalCall("_+_", accu(f), f.newList(a.get(1))),
                accu(f));
        return Optional.of(
                bind(f, input, target, f.newReceiverCall("@sortByAssociatedKeys", f.newIdentifier(input), keys)));
    }
}
