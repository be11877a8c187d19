package dev.kite.model;

/** Text that is no quantity; the message is one of Kubernetes' three. */
public final class QuantityFormatException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    QuantityFormatException(String message) {
        super(message);
    }
}
