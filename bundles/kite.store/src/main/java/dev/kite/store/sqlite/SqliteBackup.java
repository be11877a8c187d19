package dev.kite.store.sqlite;

import dev.kite.store.Fault;
import dev.kite.store.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A hot backup: SQLite writes one snapshot into a new file while others write; the file gets its name when it is durable. */
final class SqliteBackup {
    private SqliteBackup() {}

    /** Works on a thread of its own ({@code kite-store-backup}), which ends with it, since native calls hold up carriers. */
    static void run(SqliteFiles files, Path target) {
        AtomicReference<@Nullable StoreException> failure = new AtomicReference<>();
        Thread thread = Thread.ofPlatform()
                .name("kite-store-backup")
                .daemon(true)
                .start(() -> {
                    try {
                        copy(files.database(), target);
                    } catch (StoreException e) {
                        failure.set(e);
                    } catch (RuntimeException e) {
                        failure.set(new StoreException(Fault.IO, "the backup " + target + " failed: " + e, e));
                    }
                });
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                // It ends by itself, and only then is it known what is at the target.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        StoreException failed = failure.get();
        if (failed != null) {
            throw new StoreException(failed.fault(), String.valueOf(failed.getMessage()), failed);
        }
    }

    private static void copy(Path database, Path target) {
        Path absolute = target.toAbsolutePath();
        Path folder = absolute.getParent();
        Path unfinished = absolute.resolveSibling(absolute.getFileName() + ".part");
        try {
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.deleteIfExists(unfinished);
            createPrivate(unfinished);
            snapshot(database, unfinished);
            try (FileChannel file = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                file.force(true);
            }
            // A link fails where a move would replace.
            Files.createLink(absolute, unfinished);
            Files.delete(unfinished);
            if (folder != null) {
                SqliteFiles.syncDirectory(folder);
            }
        } catch (FileAlreadyExistsException e) {
            discard(unfinished, e);
            throw new StoreException(
                    Fault.TARGET_EXISTS, "the backup " + target + " exists already: choose another name", e);
        } catch (SQLException e) {
            discard(unfinished, e);
            throw SqliteErrors.translate(e, absolute, "backing up");
        } catch (IOException e) {
            discard(unfinished, e);
            throw SqliteErrors.translate(e, absolute, "backing up");
        }
    }

    /** SQLite fills an empty file that is there; this one is its owner's alone, since the datastore holds Secrets. */
    private static void createPrivate(Path file) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(file);
        }
    }

    private static void snapshot(Path database, Path unfinished) throws SQLException {
        try (Connection connection = SqliteConnections.backup(database);
                PreparedStatement vacuum = connection.prepareStatement("VACUUM INTO ?")) {
            vacuum.setString(1, unfinished.toString());
            vacuum.executeUpdate();
        }
    }

    private static void discard(Path unfinished, Exception cause) {
        try {
            Files.deleteIfExists(unfinished);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }
}
