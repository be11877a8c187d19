package dev.kite.apiserver.policy;

/** A policy or binding that can't be used as it is configured. An ordinary outcome, made without a stack trace. */
final class ConfigurationException extends Exception {
    private static final long serialVersionUID = 1L;

    ConfigurationException(String message) {
        super(message, null, false, false);
    }

    String words() {
        return String.valueOf(getMessage());
    }
}
