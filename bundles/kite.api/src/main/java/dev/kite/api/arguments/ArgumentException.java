package dev.kite.api.arguments;

/** An argument that upstream would refuse to start with; the message is one line for the user. */
public final class ArgumentException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * Refuses.
     *
     * @param message one line: what is wrong and, where known, what was meant
     */
    public ArgumentException(String message) {
        super(message);
    }
}
