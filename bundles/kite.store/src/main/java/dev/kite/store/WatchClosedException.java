package dev.kite.store;

/** A watch has ended. */
public final class WatchClosedException extends RuntimeException {
    /** Why a watch ended. */
    public enum Reason {
        /** {@link Watch#close} was called. */
        CLOSED,
        /** The consumer fell behind by more than {@link WatchOptions} allow; it must list again. */
        TOO_SLOW,
        /** The store has ended. */
        STORE_CLOSED
    }

    private final Reason reason;

    public WatchClosedException(Reason reason) {
        super("watch closed: " + reason);
        this.reason = reason;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }
}
