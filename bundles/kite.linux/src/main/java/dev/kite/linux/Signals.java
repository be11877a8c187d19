package dev.kite.linux;

import java.io.IOException;

/** Sending signals (kill(2)). */
public final class Signals {
    /** Hang up. */
    public static final int SIGHUP = 1;

    /** Quit. */
    public static final int SIGQUIT = 3;

    /** Kill, not to be caught. */
    public static final int SIGKILL = 9;

    /** The first of two for programs' own use. */
    public static final int SIGUSR1 = 10;

    /** End in good order. */
    public static final int SIGTERM = 15;

    private Signals() {}

    /**
     * Sends a signal to one process.
     *
     * @param pid the process's id, above 0
     * @param signal the signal's number, 0 only to ask whether the process is there
     * @return whether there is such a process
     * @throws IOException if this process may not
     * @throws IllegalArgumentException if the id is not one process's (0 and below stand for groups)
     */
    public static boolean kill(int pid, int signal) throws IOException {
        if (pid <= 0) {
            throw new IllegalArgumentException("not a process id: " + pid);
        }
        try {
            Libc.kill(pid, signal);
            return true;
        } catch (ErrnoException e) {
            if (e.errno() == ErrnoException.ESRCH) {
                return false;
            }
            throw e;
        }
    }
}
