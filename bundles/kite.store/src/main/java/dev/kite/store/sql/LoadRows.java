package dev.kite.store.sql;

import dev.kite.store.engine.Log;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the log at start: puts its own rows in place, then streams what is live. */
final class LoadRows {
    /** Grouping walks an index in order of name, so rows mostly come sorted without a sort of all values. */
    private static final String ALL = "SELECT " + Rows.LIVE
            + " FROM (SELECT MAX(id) AS id FROM kine GROUP BY name) AS m JOIN kine AS k ON k.id = m.id"
            + " WHERE k.deleted = 0 AND " + Rows.KEYS_ONLY;

    private LoadRows() {}

    static Log.Head run(Session session, Dialect dialect, Consumer<Log.Row> live) throws SQLException {
        ensureCompactRow(session);
        long newest = session.queryLong("SELECT MAX(id) FROM kine");
        long reserved = dialect.reserved(session);
        if (reserved > newest) {
            // Relaxed writes may have had these revisions before a crash. kine's own mark says that they are gone.
            insert(session, reserved, Rows.gap(reserved), 0, 1, null);
            newest = reserved;
        }
        try (ResultSet rows = session.prepare(ALL).executeQuery()) {
            while (rows.next()) {
                live.accept(Rows.live(rows));
            }
        }
        return new Log.Head(newest, session.queryLong(CompactSlice.REVISION));
    }

    /** There must be exactly one row that records compaction; a bug of old kine versions left several. */
    private static void ensureCompactRow(Session session) throws SQLException {
        String name = Rows.COMPACT_KEY;
        long count = session.queryLong("SELECT COUNT(*) FROM kine WHERE name = ?", name);
        if (count == 0) {
            long next = session.queryLong("SELECT MAX(id) FROM kine") + 1;
            insert(session, next, name, 1, 0, new byte[0]);
        } else if (count > 1) {
            long keep = session.queryLong(
                    "SELECT id FROM kine WHERE name = ? ORDER BY prev_revision DESC, id DESC LIMIT 1", name);
            PreparedStatement delete = session.prepare("DELETE FROM kine WHERE name = ? AND id != ?");
            delete.setString(1, name);
            delete.setLong(2, keep);
            delete.executeUpdate();
        }
    }

    private static void insert(Session session, long id, String name, int created, int deleted, byte @Nullable [] value)
            throws SQLException {
        PreparedStatement insert = session.prepare("INSERT INTO kine"
                + " (id, name, created, deleted, create_revision, prev_revision, lease, value, old_value)"
                + " VALUES (?, ?, ?, ?, 0, 0, 0, ?, NULL)");
        insert.setLong(1, id);
        insert.setString(2, name);
        insert.setInt(3, created);
        insert.setInt(4, deleted);
        insert.setBytes(5, value);
        insert.executeUpdate();
    }
}
