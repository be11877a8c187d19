package dev.kite.cli.settings;

/** The command line or a file is wrong: one line that says what to do, exit code 2. */
public final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Says what to do.
     *
     * @param message one line
     */
    public UsageException(String message) {
        super(message);
    }
}
