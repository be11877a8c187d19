package dev.kite.store;

import org.jspecify.annotations.Nullable;

/**
 * A value as the index holds it: its bytes and the view that {@link ValueTransformer#view} made of them, once per revision.
 * The same instance is shared by the index, every range and every watch event of that revision.
 */
public final class StoredValue {
    private final byte[] bytes;
    private final @Nullable Object view;

    public StoredValue(byte[] bytes, @Nullable Object view) {
        this.bytes = bytes;
        this.view = view;
    }

    /** The bytes, shared, not copied: readers must not change them. */
    public byte[] bytes() {
        return bytes;
    }

    /** What the transformer's {@code view} returned for these bytes; null without one. */
    public @Nullable Object view() {
        return view;
    }

    /** Length of the bytes. */
    public int size() {
        return bytes.length;
    }

    @Override
    public String toString() {
        return "StoredValue[" + bytes.length + " bytes]";
    }
}
