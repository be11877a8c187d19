package dev.kite.store;

import org.jspecify.annotations.Nullable;

/** A write expected another modRevision than the key has. An ordinary outcome: it carries no stack trace. */
public final class ConflictException extends RuntimeException {
    private final transient @Nullable Entry current;
    private final long revision;

    public ConflictException(String key, long expected, @Nullable Entry current, long revision) {
        super(
                key + ": expected revision " + expected + ", found " + (current == null ? 0 : current.modRevision()),
                null,
                false,
                false);
        this.current = current;
        this.revision = revision;
    }

    /** The entry that is there; null when the key does not exist. */
    public @Nullable Entry current() {
        return current;
    }

    /** The store's revision when it was compared. */
    public long revision() {
        return revision;
    }
}
