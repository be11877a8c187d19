package dev.kite.store;

import org.jspecify.annotations.Nullable;

/** The datastore cannot do its work. The message is one line that says what to do. */
public final class StoreException extends RuntimeException {
    private final Fault fault;

    public StoreException(Fault fault, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.fault = fault;
    }

    /** What is wrong. */
    public Fault fault() {
        return fault;
    }
}
