package dev.kite.linux;

import java.io.IOException;

/** A system call failed. The message names the call, what it was applied to and the kernel's reason. */
public final class ErrnoException extends IOException {
    private static final long serialVersionUID = 1L;

    /** No such file or directory. */
    public static final int ENOENT = 2;

    /** No such process. */
    public static final int ESRCH = 3;

    /** Interrupted system call. */
    public static final int EINTR = 4;

    /** Try again. */
    public static final int EAGAIN = 11;

    /** Device or resource busy. */
    public static final int EBUSY = 16;

    /** File exists. */
    public static final int EEXIST = 17;

    /** No such device. */
    public static final int ENODEV = 19;

    /** Invalid argument. */
    public static final int EINVAL = 22;

    /** Address not available. */
    public static final int EADDRNOTAVAIL = 99;

    private final int errno;

    /**
     * Says which call failed and why.
     *
     * @param call the call with its arguments, for people
     * @param errno the kernel's error number
     */
    public ErrnoException(String call, int errno) {
        super(call + ": " + Libc.describe(errno));
        this.errno = errno;
    }

    /** @return the kernel's error number */
    public int errno() {
        return errno;
    }
}
