package dev.kite.cel.eval;

/** An error of an expression, which {@code &&}, {@code ||} and the quantifiers may absorb. Without a stack trace: it is a value in all but name. */
public final class CelError extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With upstream's message. */
    public CelError(String message) {
        super(message, null, false, false);
    }

    /** Of an operation that these values do not have. */
    public static CelError noOverload() {
        return new CelError("no such overload");
    }
}
