package dev.kite.linux;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** An exclusive lock of a whole file by flock(2): kept until closed or until the process ends, seen by other programs that use flock. */
public final class FileLock implements AutoCloseable {
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;

    private final int fd;
    private boolean open = true;

    private FileLock(int fd) {
        this.fd = fd;
    }

    /**
     * Takes the lock if it is free.
     *
     * @param file the file, created where it isn't there
     * @return the lock, or empty where another holds it
     * @throws IOException if the file can't be opened
     */
    public static Optional<FileLock> tryLock(Path file) throws IOException {
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException e) {
            // as it should be from the second time on
        }
        int fd = Libc.open(file, Libc.O_RDWR | Libc.O_CLOEXEC);
        try {
            Libc.flock(fd, LOCK_EX | LOCK_NB);
            return Optional.of(new FileLock(fd));
        } catch (ErrnoException e) {
            Libc.close(fd);
            if (e.errno() == ErrnoException.EAGAIN) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Frees the lock. Idempotent. */
    @Override
    public synchronized void close() throws IOException {
        if (open) {
            open = false;
            Libc.close(fd);
        }
    }
}
