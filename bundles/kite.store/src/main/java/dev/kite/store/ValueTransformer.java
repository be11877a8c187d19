package dev.kite.store;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Between the form in the index (plain JSON of the storage version without its resourceVersion) and the form at rest
 * (protobuf envelope or JSON, possibly encrypted). A store needs one as a service.
 *
 * <p>Called from many threads at once. Every key of the datastore passes, also those that are no Kubernetes objects (a
 * datastore of k3s has {@code /bootstrap/...} and {@code /registry/health}): return such bytes unchanged. What it throws
 * fails the write, or the start with {@link Fault#UNREADABLE_VALUE}.
 */
@ConsumerType
public interface ValueTransformer {
    /** The form at rest of {@code value}. Called once per put, on the caller's thread. */
    byte[] toRest(String key, byte[] value);

    /** The form in the index of {@code rest}. Called for each key at start, and for each value read from history. */
    byte[] fromRest(String key, byte[] rest);

    /**
     * An immutable object that lives beside the bytes: splice offset, indexed fields, transcoded forms made lazily. Called once
     * per revision; null for none.
     */
    default @Nullable Object view(String key, byte[] value) {
        return null;
    }

    /**
     * Whether the form at rest of a key may be another than {@link #toRest} would make now, as after a change of encryption keys: then a write of an equal value
     * is worth making.
     */
    default boolean mayBeStale(String key) {
        return false;
    }

    /** Both forms the same. */
    static ValueTransformer identity() {
        return new ValueTransformer() {
            @Override
            public byte[] toRest(String key, byte[] value) {
                return value;
            }

            @Override
            public byte[] fromRest(String key, byte[] rest) {
                return rest;
            }
        };
    }
}
