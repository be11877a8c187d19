package dev.kite.store.sqlite;

import dev.kite.store.Fault;
import dev.kite.store.StoreException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The datastore's files. {@code state.db}, its log {@code state.db-wal} and shared memory {@code state.db-shm} are SQLite's;
 * {@code state.db-lock} is ours and keeps a second server of ours out.
 */
final class SqliteFiles implements AutoCloseable {
    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

    private static final Set<PosixFilePermission> OWNER_FILE = PosixFilePermissions.fromString("rw-------");

    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path database;
    private final FileChannel channel;
    private final FileLock lock;

    private SqliteFiles(Path database, FileChannel channel, FileLock lock) {
        this.database = database;
        this.channel = channel;
        this.lock = lock;
    }

    /** Makes the folder, takes the lock and looks at the file's head. */
    static SqliteFiles open(Path directory) {
        Path database = directory.resolve("state.db");
        try {
            makePrivate(directory);
            FileChannel channel = FileChannel.open(
                    directory.resolve("state.db-lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new StoreException(
                        Fault.IN_USE,
                        "the datastore " + database
                                + " is in use by another Kite: stop it, or use another data directory",
                        null);
            }
            SqliteFiles files = new SqliteFiles(database, channel, lock);
            try {
                keepPrivate(database);
                files.checkHead();
            } catch (StoreException | IOException e) {
                files.close();
                throw e;
            }
            return files;
        } catch (IOException e) {
            throw SqliteErrors.translate(e, database, "opening");
        }
    }

    /**
     * Makes what is missing of the path: its last two folders ({@code server/db}) for the owner alone, those above as usual. Each is
     * synced into the one above, or a power cut could take the folder with the acknowledged writes in it.
     */
    private static void makePrivate(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath();
        List<Path> missing = new ArrayList<>();
        for (Path folder = absolute; folder != null && !Files.isDirectory(folder); folder = folder.getParent()) {
            missing.addFirst(folder);
        }
        boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
        for (Path folder : missing) {
            boolean own = posix && (folder.equals(absolute) || folder.equals(absolute.getParent()));
            // Another component may make the same folder at the same time, which createDirectories allows.
            if (own) {
                Files.createDirectories(folder, OWNER_ONLY);
            } else {
                Files.createDirectories(folder);
            }
            syncDirectory(folder.resolveSibling("."));
        }
    }

    /** The file holds Secrets, so it is for its owner alone; SQLite gives its log and shared memory the same permissions. k3s leaves it readable. */
    private static void keepPrivate(Path database) throws IOException {
        if (!database.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        if (!Files.exists(database)) {
            Files.createFile(database, PosixFilePermissions.asFileAttribute(OWNER_FILE));
        } else if (Files.isWritable(database)
                && !Files.getPosixFilePermissions(database).equals(OWNER_FILE)) {
            Files.setPosixFilePermissions(database, OWNER_FILE);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // The same process holds it: in use just the same.
            return null;
        }
    }

    /**
     * Refuses what SQLite would misread: a file that is no database, and one that lost its tail while no log can replace it.
     * Bytes 16 and 28 of the head are the page size and the count of pages.
     */
    private void checkHead() throws IOException {
        if (!Files.exists(database)) {
            return;
        }
        long size = Files.size(database);
        boolean logged = hasLog();
        if (size == 0 && !logged) {
            return;
        }
        byte[] head = new byte[100];
        try (RandomAccessFile file = new RandomAccessFile(database.toFile(), "r")) {
            if (size >= head.length) {
                file.readFully(head);
            }
        }
        if (!Arrays.equals(MAGIC, 0, MAGIC.length, head, 0, MAGIC.length)) {
            if (size == 0) {
                // SQLite made the log before the file's first page got to the disk: it puts that right itself.
                return;
            }
            throw corrupt("its first bytes are not a database's", null);
        }
        ByteBuffer fields = ByteBuffer.wrap(head);
        int pageSize = Short.toUnsignedInt(fields.getShort(16));
        long expected = (pageSize == 1 ? 65536L : pageSize) * Integer.toUnsignedLong(fields.getInt(28));
        if (!logged && size < expected) {
            throw corrupt("it has " + size + " of " + expected + " bytes", null);
        }
    }

    StoreException corrupt(String what, @Nullable Throwable cause) {
        return SqliteErrors.corrupt(database, what, cause);
    }

    /** Whether a write-ahead log was left, as after a crash. */
    boolean hasLog() {
        return size(beside("-wal")) > 0;
    }

    Path database() {
        return database;
    }

    /** A file beside the database: its name and a suffix. */
    Path beside(String suffix) {
        return database.resolveSibling(database.getFileName() + suffix);
    }

    long databaseSize() {
        return size(database);
    }

    long logSize() {
        return size(beside("-wal"));
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (FileSystemException e) {
            // Not there: SQLite removes its log when it closes.
            return 0;
        } catch (IOException e) {
            throw SqliteErrors.translate(e, file, "measuring");
        }
    }

    /** Makes renames in a folder durable. */
    static void syncDirectory(Path directory) throws IOException {
        try (FileChannel folder = FileChannel.open(directory, StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw SqliteErrors.translate(e, database, "unlocking");
        }
    }
}
