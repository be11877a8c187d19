package dev.kite.model.apply;

/** A configuration that cannot be applied as it is: an item without its keys, a key twice, a value of the wrong sort. */
public final class ApplyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ApplyException(String message) {
        super(message);
    }
}
