package dev.kite.api.security;

/** Credentials were presented and are wrong. The message goes to the log, never to the client, and holds no secret. */
public final class AuthenticationException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Says what is wrong.
     *
     * @param message for the log
     */
    public AuthenticationException(String message) {
        super(message);
    }
}
