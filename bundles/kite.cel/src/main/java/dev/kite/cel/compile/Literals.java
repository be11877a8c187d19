package dev.kite.cel.compile;

import dev.cel.common.CelIssue;
import dev.cel.common.CelSource;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
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
