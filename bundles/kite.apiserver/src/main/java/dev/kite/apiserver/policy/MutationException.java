package dev.kite.apiserver.policy;

/** A change that can't be made. An ordinary outcome, made without a stack trace. */
final class MutationException extends Exception {
    private static final long serialVersionUID = 1L;

    MutationException(String message) {
        super(message, null, false, false);
    }

    String words() {
        return String.valueOf(getMessage());
    }
}
