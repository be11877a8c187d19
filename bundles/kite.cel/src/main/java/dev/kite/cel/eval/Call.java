package dev.kite.cel.eval;

/** What a function does. */
@FunctionalInterface
public interface Call {
    /** Computes; throws {@link CelError} where the function fails. The receiver is the first argument. */
    Object apply(Evaluation evaluation, Object[] args);
}
