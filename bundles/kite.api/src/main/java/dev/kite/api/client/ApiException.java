package dev.kite.api.client;

/** The server answered with a Status, or could not be reached (code 0). */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String reason;

    /**
     * Carries a Status.
     *
     * @param code the HTTP status code, 0 where there was no answer
     * @param reason the Status reason, for example NotFound
     * @param message the Status message
     */
    public ApiException(int code, String reason, String message) {
        super(message);
        this.code = code;
        this.reason = reason;
    }

    /**
     * Says that there was no answer.
     *
     * @param message what was tried
     * @param cause why
     */
    public ApiException(String message, Throwable cause) {
        super(message, cause);
        this.code = 0;
        this.reason = "";
    }

    /** @return the HTTP status code, 0 where there was no answer */
    public int code() {
        return code;
    }

    /** @return the Status reason */
    public String reason() {
        return reason;
    }

    /** @return whether the object or namespace is not there */
    public boolean notFound() {
        return code == 404;
    }

    /** @return whether the object was changed by another, or a precondition fails */
    public boolean conflict() {
        return code == 409 && reason.equals("Conflict");
    }

    /** @return whether there is one of that name */
    public boolean alreadyExists() {
        return code == 409 && reason.equals("AlreadyExists");
    }

    /** @return whether the resourceVersion or continue token is too old */
    public boolean expired() {
        return code == 410;
    }

    /** @return whether it was asked too often, or a disruption budget forbids an eviction */
    public boolean tooManyRequests() {
        return code == 429;
    }
}
