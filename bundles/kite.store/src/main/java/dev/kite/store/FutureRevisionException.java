package dev.kite.store;

/** A revision was asked for that does not exist yet: Kubernetes answers 504 with "Too large resource version". */
public final class FutureRevisionException extends RuntimeException {
    private final long requested;
    private final long revision;

    public FutureRevisionException(long requested, long revision) {
        super("revision " + requested + " is in the future; the newest is " + revision, null, false, false);
        this.requested = requested;
        this.revision = revision;
    }

    /** The revision asked for. */
    public long requested() {
        return requested;
    }

    /** The newest revision. */
    public long revision() {
        return revision;
    }
}
