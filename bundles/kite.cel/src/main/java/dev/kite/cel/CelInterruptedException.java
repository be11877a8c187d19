package dev.kite.cel;

/** An evaluation that was ended from outside: its thread was interrupted (it still is) or the budget's deadline passed. */
public final class CelInterruptedException extends CelEvaluationException {
    private static final long serialVersionUID = 1;

    /** With upstream's words. */
    public CelInterruptedException(String message) {
        super(message);
    }
}
