package dev.kite.deploy;

/** A manifest that cannot be read or applied; the message says why, for an Event and the log. */
final class ManifestException extends Exception {
    private static final long serialVersionUID = 1L;

    ManifestException(String message) {
        super(message);
    }

    ManifestException(String message, Throwable cause) {
        super(message, cause);
    }
}
