package dev.kite.features.catalog;

/** A feature's file, jars, configuration or state is not as it must be; the message is one line for its owner. */
public final class FeatureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Says what is wrong.
     *
     * @param message one line that says what to do
     */
    public FeatureException(String message) {
        super(message);
    }

    /**
     * Says what is wrong, and why.
     *
     * @param message one line that says what to do
     * @param cause the cause
     */
    public FeatureException(String message, Throwable cause) {
        super(message, cause);
    }
}
