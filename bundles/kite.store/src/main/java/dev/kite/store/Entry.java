package dev.kite.store;

/**
 * One key at one revision. Immutable.
 *
 * @param createRevision the revision that created this life of the key
 * @param modRevision the revision that wrote this value: a Kubernetes object's resourceVersion
 */
public record Entry(String key, StoredValue value, long createRevision, long modRevision) {
    /** The value's bytes; see {@link StoredValue#bytes()}. */
    public byte[] bytes() {
        return value.bytes();
    }
}
