package dev.kite.features.swap;

/** A step of a swap failed; the message is one line for people. */
public final class SwapFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Says what failed.
     *
     * @param message one line
     */
    public SwapFailure(String message) {
        super(message);
    }

    /**
     * Says what failed, and why.
     *
     * @param message one line
     * @param cause the cause
     */
    public SwapFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
