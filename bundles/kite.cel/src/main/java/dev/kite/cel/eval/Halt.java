package dev.kite.cel.eval;

import dev.kite.cel.CelEvaluationException;

/** Ends an evaluation at once; no operator absorbs it. */
final class Halt extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final CelEvaluationException reason;

    Halt(CelEvaluationException reason) {
        super(reason.getMessage(), reason, false, false);
        this.reason = reason;
    }

    CelEvaluationException reason() {
        return reason;
    }
}
