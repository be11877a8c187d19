package dev.kite.cel.compile;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelSource;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.kite.cel.CelException;
import dev.kite.cel.eval.CelError;
import dev.kite.cel.eval.Times;
import dev.kite.cel.library.Regexes;
import java.util.List;

/** Constant arguments that must be well formed: of timestamp(), duration() and matches(). */
final class Literals {
    private Literals() {}

    /** A constant that isn't well formed. */
    static final class Invalid extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final long id;

        Invalid(long id, String message) {
            super(message, null, false, false);
            this.id = id;
        }

        /** With its position. */
        CelException exception(CelSource source) {
            CelSourceLocation at = source.getOffsetLocation(
                            source.getPositionsMap().getOrDefault(id, 0))
                    .orElse(CelSourceLocation.of(1, 0));
            CelIssue issue = CelIssue.formatError(at, String.valueOf(getMessage()));
            return new CelException(
                    CelException.Kind.INVALID,
                    issue.toDisplayString(source),
                    List.of(new CelException.Issue(at.getLine(), at.getColumn() + 1, issue.getMessage())));
        }
    }

    /**
     * The elements of a list, and the keys and the values of a map, must be of one type, dyn being a type too; but for what is formatted (upstream's validator).
     */
    static void homogeneous(CelAbstractSyntaxTree ast, CelExpr e) {
        switch (e.getKind()) {
            case SELECT -> homogeneous(ast, e.select().operand());
            case CALL -> {
                if (!e.call().function().equals("format")) {
                    e.call().target().ifPresent(t -> homogeneous(ast, t));
                    e.call().args().forEach(a -> homogeneous(ast, a));
                }
            }
            case LIST -> {
                Types types = new Types(ast);
                for (int i = 0; i < e.list().elements().size(); i++) {
                    types.next(
                            e.list().elements().get(i),
                            e.list().optionalIndices().contains(i));
                }
                e.list().elements().forEach(x -> homogeneous(ast, x));
            }
            case MAP -> {
                Types keys = new Types(ast);
                Types values = new Types(ast);
                for (CelExpr.CelMap.Entry entry : e.map().entries()) {
                    keys.next(entry.key(), false);
                    values.next(entry.value(), entry.optionalEntry());
                    homogeneous(ast, entry.key());
                    homogeneous(ast, entry.value());
                }
            }
            case STRUCT -> e.struct().entries().forEach(x -> homogeneous(ast, x.value()));
            case COMPREHENSION -> {
                CelExpr.CelComprehension c = e.comprehension();
                List.of(c.iterRange(), c.accuInit(), c.loopCondition(), c.loopStep(), c.result())
                        .forEach(part -> homogeneous(ast, part));
            }
            default -> {}
        }
    }

    /** The type that the first had. */
    private static final class Types {
        private final CelAbstractSyntaxTree ast;
        private String first = "";

        Types(CelAbstractSyntaxTree ast) {
            this.ast = ast;
        }

        void next(CelExpr e, boolean optional) {
            CelType type = ast.getType(e.id()).orElse(SimpleType.DYN);
            if (optional && !type.parameters().isEmpty()) {
                type = type.parameters().getFirst();
            }
            String name = TypeNames.of(type);
            if (first.isEmpty()) {
                first = name;
            } else if (!first.equals(name)) {
                throw new Invalid(e.id(), "expected type '" + first + "' but found '" + name + "'");
            }
        }
    }

    static void check(String function, CelExpr call, List<CelExpr> args) {
        if (args.isEmpty() || args.getLast().getKind() != CelExpr.ExprKind.Kind.CONSTANT) {
            return;
        }
        CelConstant last = args.getLast().constant();
        if (last.getKind() != CelConstant.Kind.STRING_VALUE) {
            return;
        }
        try {
            switch (function) {
                case "timestamp" -> Times.timestamp(last.stringValue());
                case "duration" -> Times.duration(last.stringValue());
                case "matches" -> Regexes.compile(last.stringValue());
                default -> {}
            }
        } catch (CelError e) {
            throw new Invalid(args.getLast().id(), "invalid " + function + " argument");
        }
    }
}
