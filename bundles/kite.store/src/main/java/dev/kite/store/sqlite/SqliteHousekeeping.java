package dev.kite.store.sqlite;

import dev.kite.store.engine.Log;
import dev.kite.store.sql.Session;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Keeps log and file small, a bounded step at a time, and counts what is written. On the writer's thread; the counters are read
 * from any.
 */
final class SqliteHousekeeping {
    /** Pages in the log from which on it is copied into the file when nothing else is to do (SQLite's own default) ... */
    private static final int CHECKPOINT_IDLE = 1000;

    /** ... and even when there is. */
    private static final int CHECKPOINT_BUSY = 4000;

    /** Free pages that are worth keeping: new rows will use them, and each given back costs a write. */
    private static final int KEEP_FREE = 1024;

    /** Pages given back in one step. */
    private static final int VACUUM_STEP = 256;

    /** A frame of the log is a page and this many bytes. */
    private static final int FRAME_HEAD = 24;

    private final SqliteFiles files;
    private final long pageSize;
    private long logFrames;
    private long checkpointAt = CHECKPOINT_IDLE;
    private boolean vacuumDue;
    private boolean vacuuming;

    private volatile long commits;
    private volatile long bytesWritten;
    private volatile long freeBytes;

    SqliteHousekeeping(SqliteFiles files, long pageSize, long freePages) {
        this.files = files;
        this.pageSize = pageSize;
        freeBytes = freePages * pageSize;
        vacuumDue = true;
    }

    /** Counts a commit by how far the log has grown; a log that starts anew has fewer frames than before. */
    void committed(Session session) throws SQLException {
        long frames = checkpoint(session, "NOOP").logFrames();
        long grown = frames >= logFrames ? frames - logFrames : frames;
        logFrames = frames;
        count(1, grown * (pageSize + FRAME_HEAD));
    }

    private void count(int transactions, long bytes) {
        long before = commits;
        commits = before + transactions;
        long written = bytesWritten;
        bytesWritten = written + bytes;
    }

    void compacted() {
        vacuumDue = true;
    }

    boolean tidy(Session session, boolean busy) throws SQLException {
        if (logFrames >= (busy ? Math.max(CHECKPOINT_BUSY, checkpointAt) : checkpointAt)) {
            Checkpoint done = checkpoint(session, "PASSIVE");
            count(0, done.copied() * pageSize);
            // When a reader held it up, the next attempt comes after as much again; when it is through, the log starts
            // anew.
            checkpointAt = done.copied() < done.logFrames() ? logFrames + CHECKPOINT_IDLE : CHECKPOINT_IDLE;
            if (done.copied() >= done.logFrames()) {
                logFrames = 0;
            }
        }
        return !busy && vacuumDue && vacuum(session);
    }

    private record Checkpoint(long logFrames, long copied) {}

    private static Checkpoint checkpoint(Session session, String mode) throws SQLException {
        try (ResultSet row =
                session.prepare("PRAGMA wal_checkpoint(" + mode + ")").executeQuery()) {
            return row.next() ? new Checkpoint(row.getLong(2), row.getLong(3)) : new Checkpoint(0, 0);
        }
    }

    /** Gives back free pages: begins at a quarter of the file and ends at an eighth, so that it does not run all the time. */
    private boolean vacuum(Session session) throws SQLException {
        long free = session.queryLong("PRAGMA freelist_count");
        long pages = session.queryLong("PRAGMA page_count");
        freeBytes = free * pageSize;
        long bound = Math.max(KEEP_FREE, pages / (vacuuming ? 8 : 4));
        vacuuming = free > bound && session.queryLong("PRAGMA auto_vacuum") == 2;
        if (!vacuuming) {
            vacuumDue = false;
            return false;
        }
        session.execute("PRAGMA incremental_vacuum(" + Math.min(VACUUM_STEP, free - bound) + ")");
        committed(session);
        return true;
    }

    Log.Size size() {
        long log = files.logSize();
        return new Log.Size(files.databaseSize() + log, log, freeBytes, commits, bytesWritten);
    }
}
