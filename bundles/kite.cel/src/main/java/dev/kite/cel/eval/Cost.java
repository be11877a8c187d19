package dev.kite.cel.eval;

/** What a call costs, from its arguments, before it is made. */
@FunctionalInterface
public interface Cost {
    /** CEL's factor for traversing text. */
    double TEXT = 0.1;

    /** In cost units. */
    long of(Object[] args);
}
