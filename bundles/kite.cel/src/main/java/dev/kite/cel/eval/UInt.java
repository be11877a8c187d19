package dev.kite.cel.eval;

/** An unsigned 64-bit integer. */
public record UInt(long bits) implements Comparable<UInt> {
    @Override
    public int compareTo(UInt other) {
        return Long.compareUnsigned(bits, other.bits);
    }

    /** The nearest floating-point number. */
    public double toDouble() {
        return bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
    }

    @Override
    public String toString() {
        return Long.toUnsignedString(bits);
    }
}
