package dev.kite.store.sql;

import dev.kite.store.StoreException;
import dev.kite.store.engine.Log;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * What one database does in its own way. Owned by its {@link SqlLog}, which closes it. Methods that take a session run on that
 * session's thread.
 */
public interface Dialect extends AutoCloseable {
    /** A connection for the one writer, with table and indexes in place. */
    Connection openWriter();

    /** A connection that only reads. */
    Connection openReader();

    /** Starts a transaction that will write ({@code write}), or a snapshot for reading. */
    void begin(Session session, boolean write) throws SQLException;

    /** Ends the transaction; when it wrote, what it wrote survives power loss from now on. */
    void commit(Session session) throws SQLException;

    /** Ends the transaction, undoing what it wrote. */
    void rollback(Session session) throws SQLException;

    /**
     * Inserts a row chained to the key's newest. Parameters: id, name, created, deleted, create_revision, lease, value, name.
     */
    default String appendSql() {
        return "INSERT INTO kine (id, name, created, deleted, create_revision, prev_revision, lease, value, old_value)"
                + " SELECT ?, ?, ?, ?, ?, COALESCE(p.id, 0), ?, ?, p.value FROM (SELECT 1) AS one LEFT JOIN"
                + " (SELECT id, value FROM kine WHERE name = ? ORDER BY id DESC LIMIT 1) AS p ON 1 = 1";
    }

    /**
     * Deletes rows that rows with ids in a slice replaced, and the slice's deletions. Parameters: after, upTo, after, upTo.
     */
    default String compactSql() {
        return "DELETE FROM kine WHERE id IN ("
                + "SELECT prev_revision FROM kine WHERE id > ? AND id <= ? AND prev_revision != 0"
                + " AND name != 'compact_rev_key'"
                + " UNION SELECT id FROM kine WHERE id > ? AND id <= ? AND deleted != 0)";
    }

    /** The revision up to which the database will give out no id again, whether used or not. */
    long reserved(Session writer) throws SQLException;

    /** Sets {@link #reserved}; within a transaction. */
    void reserve(Session writer, long revision) throws SQLException;

    /** Called after each commit of the writer, to count; must not throw, since the commit has happened. */
    void committed(Session writer);

    /** Bounded housekeeping between commits; true when there is more. See {@link Log#tidy}. */
    boolean tidy(Session writer, boolean busy) throws SQLException;

    /** Called when a slice of compaction has freed rows. */
    void compacted();

    /** See {@link Log#backup}. */
    void backup(Path target);

    /** See {@link Log#size}. */
    Log.Size size();

    /** What an error means and what to do about it; {@code doing} completes "while …". */
    StoreException translate(SQLException error, String doing);

    @Override
    void close();
}
