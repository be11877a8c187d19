package dev.kite.cel.eval;

import java.util.Arrays;

/** A sequence of bytes, compared by content; the array is not to be changed. */
public record Bytes(byte[] value) implements Comparable<Bytes> {
    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes b && Arrays.equals(value, b.value);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(value);
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return "Bytes[" + value.length + "]";
    }
}
