package dev.kite.localstorage;

/** A volume cannot be made or removed; the message is one line for the event about it. */
final class VolumeException extends Exception {
    private static final long serialVersionUID = 1L;

    VolumeException(String message) {
        super(message);
    }

    VolumeException(String message, Throwable cause) {
        super(message, cause);
    }
}
