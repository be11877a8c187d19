package dev.kite.cel;

import org.jspecify.annotations.Nullable;

/** A value, of a variable or of a field of a bound map, that is computed when an expression first reads it, once an evaluation. */
@FunctionalInterface
public interface CelLazy {
    /** Computes it. A failure is the failure of the expression that reads it. */
    @Nullable
    Object get() throws CelEvaluationException;
}
