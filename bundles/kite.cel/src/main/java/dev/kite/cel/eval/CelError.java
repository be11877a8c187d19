package dev.kite.cel.eval;

import java.util.StringJoiner;

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

    /** Of a function that does not take these values. */
    public static CelError noOverload(String function, Object... args) {
        StringJoiner types = new StringJoiner(", ", "(", ")");
        for (Object arg : args) {
            types.add(Types.nameOf(arg));
        }
        return new CelError("no such overload: " + function + types);
    }
}
