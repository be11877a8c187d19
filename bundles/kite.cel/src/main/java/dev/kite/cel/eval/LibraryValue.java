package dev.kite.cel.eval;

/** A value of a library's own type. Equality is {@code equals}. */
public interface LibraryValue {
    /** The type's name. */
    String typeName();

    /** Its size, where upstream's value has one that costs count. */
    default long size() {
        return 1;
    }
}
