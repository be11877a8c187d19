package dev.kite.model.patch;

/** A patch that cannot be read or applied. */
public final class PatchException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;

    /**
     * With the HTTP status that the API answers.
     *
     * @param status 400 where it is no patch, 413 where it is too large, 422 where it does not fit the object
     * @param message what is wrong
     */
    public PatchException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** 400, 413 or 422. */
    public int status() {
        return status;
    }
}
