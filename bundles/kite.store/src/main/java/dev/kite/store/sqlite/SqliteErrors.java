package dev.kite.store.sqlite;

import dev.kite.store.Fault;
import dev.kite.store.StoreException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What SQLite's and the file system's errors mean, in one line that says what to do. */
final class SqliteErrors {
    // Primary result codes of sqlite3.h; the low byte of an extended code is its primary one.
    private static final int PERM = 3;
    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int READONLY = 8;
    private static final int IOERR = 10;
    private static final int CORRUPT = 11;
    private static final int FULL = 13;
    private static final int CANTOPEN = 14;
    private static final int NOTADB = 26;

    /** Below this much space an I/O error is taken for a full disk: a log grows by about this much between checks. */
    private static final long LITTLE_SPACE = 64 << 10;

    private SqliteErrors() {}

    static StoreException translate(SQLException error, Path database, String doing) {
        return switch (error.getErrorCode() & 0xff) {
            case FULL -> full(database, doing, error);
            case CORRUPT, NOTADB -> corrupt(database, message(error), error);
            case READONLY, PERM -> readOnly(database, doing, error);
            case BUSY, LOCKED ->
                new StoreException(
                        Fault.IN_USE,
                        "the datastore " + database + " is locked by another program while " + doing
                                + ": stop that program (k3s, sqlite3 or a backup tool)",
                        error);
            case IOERR, CANTOPEN -> io(database, doing, error);
            default -> unknown(database, doing, error);
        };
    }

    static StoreException translate(IOException error, Path file, String doing) {
        boolean denied =
                error instanceof AccessDeniedException || message(error).contains("Read-only file system");
        if (denied) {
            return readOnly(file, doing, error);
        }
        return message(error).contains("No space left") ? full(file, doing, error) : io(file, doing, error);
    }

    private static StoreException io(Path file, String doing, Exception error) {
        if (space(file) < LITTLE_SPACE) {
            return full(file, doing, error);
        }
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null && Files.isDirectory(directory) && !Files.isWritable(directory)) {
            return readOnly(file, doing, error);
        }
        return unknown(file, doing, error);
    }

    private static long space(Path file) {
        Path existing = file.toAbsolutePath().getParent();
        if (existing == null || !Files.isDirectory(existing)) {
            return Long.MAX_VALUE;
        }
        try {
            return Files.getFileStore(existing).getUsableSpace();
        } catch (IOException e) {
            // Only a hint was wanted; the error at hand is reported as it is.
            return Long.MAX_VALUE;
        }
    }

    private static StoreException unknown(Path file, String doing, Exception error) {
        return new StoreException(
                Fault.IO,
                "the datastore " + file + " failed while " + doing + " (" + message(error)
                        + "): check the disk and the kernel's log",
                error);
    }

    private static StoreException full(Path file, String doing, Exception error) {
        return new StoreException(
                Fault.DISK_FULL,
                "no space is left for the datastore " + file + " while " + doing
                        + ": free space on its file system; reads go on, nothing acknowledged is lost",
                error);
    }

    private static StoreException readOnly(Path file, String doing, Exception error) {
        return new StoreException(
                Fault.READ_ONLY,
                "the datastore " + file + " is read-only while " + doing
                        + ": check its owner, its mode and whether its file system is mounted read-only",
                error);
    }

    static StoreException corrupt(Path database, String what, @Nullable Throwable cause) {
        return new StoreException(
                Fault.CORRUPT,
                "the datastore " + database + " is damaged (" + what
                        + ") and was left as it is: stop Kite, put a backup in its place, or move it away to start empty",
                cause);
    }

    private static String message(Exception error) {
        String text = error instanceof FileSystemException file && file.getReason() != null
                ? file.getReason()
                : error.getMessage();
        return text == null
                ? error.getClass().getSimpleName()
                : text.lines().findFirst().orElse("");
    }
}
