package dev.kite.model.selector;

/** Text or an object that is no selector; the message has Kubernetes' form. */
public final class SelectorException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    SelectorException(String message) {
        super(message);
    }
}
