package dev.kite.store;

/** The history asked for is gone: Kubernetes answers 410 Gone, reason Expired. */
public final class CompactedException extends RuntimeException {
    private final long requested;
    private final long compactRevision;

    public CompactedException(long requested, long compactRevision) {
        super("revision " + requested + " is compacted; history starts at " + compactRevision, null, false, false);
        this.requested = requested;
        this.compactRevision = compactRevision;
    }

    /** The revision asked for. */
    public long requested() {
        return requested;
    }

    /** The oldest revision that can be read. */
    public long compactRevision() {
        return compactRevision;
    }
}
