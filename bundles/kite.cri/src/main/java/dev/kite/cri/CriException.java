package dev.kite.cri;

/** The runtime refused or could not be reached. */
public final class CriException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why, as far as callers act on it. */
    public enum Code {
        /** There is no such sandbox, container or image. */
        NOT_FOUND,
        /** There is one already. */
        ALREADY_EXISTS,
        /** The runtime is not there or not ready. */
        UNAVAILABLE,
        /** It took too long. */
        DEADLINE_EXCEEDED,
        /** This runtime can't do that. */
        UNIMPLEMENTED,
        /** The caller gave up. */
        CANCELLED,
        /** Anything else; the message says what. */
        OTHER
    }

    private final Code code;

    /**
     * Says what failed.
     *
     * @param code why
     * @param message the runtime's words
     * @param cause the failed call
     */
    public CriException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** @return why */
    public Code code() {
        return code;
    }

    /** @return whether there is no such thing */
    public boolean notFound() {
        return code == Code.NOT_FOUND;
    }
}
