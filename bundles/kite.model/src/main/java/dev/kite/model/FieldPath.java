package dev.kite.model;

import org.jspecify.annotations.Nullable;

/** A place in an object, as validation causes name it: {@code spec.containers[0].ports[1].name}. Immutable. */
public final class FieldPath {
    /** The object itself; it is written as nothing. */
    public static final FieldPath ROOT = new FieldPath(null, "");

    private final @Nullable FieldPath parent;
    private final String part;

    private FieldPath(@Nullable FieldPath parent, String part) {
        this.parent = parent;
        this.part = part;
    }

    /** A path of these names. */
    public static FieldPath of(String... names) {
        FieldPath path = ROOT;
        for (String name : names) {
            path = path.child(name);
        }
        return path;
    }

    /** A field within. */
    public FieldPath child(String name) {
        return new FieldPath(this, parent == null ? name : "." + name);
    }

    /** An item of the list. */
    public FieldPath index(int index) {
        return new FieldPath(this, "[" + index + "]");
    }

    /** An entry of the map. */
    public FieldPath key(String key) {
        return new FieldPath(this, "[" + key + "]");
    }

    /** The path without its last part; the root's is the root. */
    public FieldPath parent() {
        return parent == null ? this : parent;
    }

    /** Whether it is the object itself. */
    public boolean isRoot() {
        return parent == null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FieldPath that && toString().equals(that.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    @Override
    public String toString() {
        return parent == null ? "" : parent + part;
    }
}
