package dev.kite.api.client;

/** A watch is over. */
public final class WatchEndedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean expired;

    /**
     * Says why.
     *
     * @param message why
     * @param expired whether its resourceVersion is gone (410), so that a list is needed
     */
    public WatchEndedException(String message, boolean expired) {
        super(message);
        this.expired = expired;
    }

    /** @return whether a list is needed */
    public boolean expired() {
        return expired;
    }
}
