package dev.kite.cel;

import org.jspecify.annotations.Nullable;

/** An evaluation that failed; the message has upstream's form, as in {@code no such key: x}. */
public class CelEvaluationException extends Exception {
    private static final long serialVersionUID = 1;

    /** For what the expression did wrong. */
    public CelEvaluationException(String message) {
        super(message);
    }

    /** With its cause. */
    public CelEvaluationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
