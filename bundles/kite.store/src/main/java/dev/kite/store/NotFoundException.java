package dev.kite.store;

/** A delete found no such key. An ordinary outcome: it carries no stack trace. */
public final class NotFoundException extends RuntimeException {
    private final long revision;

    public NotFoundException(String key, long revision) {
        super(key + ": not found at revision " + revision, null, false, false);
        this.revision = revision;
    }

    /** The store's revision when it was looked up. */
    public long revision() {
        return revision;
    }
}
