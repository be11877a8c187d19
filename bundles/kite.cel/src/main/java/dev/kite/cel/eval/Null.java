package dev.kite.cel.eval;

/** CEL's null. */
public enum Null {
    /** The one. */
    NULL
}
