package dev.kite.store.sql;

import dev.kite.store.engine.Keys;
import dev.kite.store.engine.Log;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads changes in order of revision. */
final class ReadAfter {
    private static final String CHANGES = "SELECT " + Rows.LIVE
            + ", k.deleted, k.prev_revision, k.old_value FROM kine AS k WHERE k.id > ? AND k.id <= ? AND k.name >= ? AND "
            + Rows.KEYS_ONLY;

    private ReadAfter() {}

    static Log.Changes run(Session session, String prefix, long after, long to, int limit) throws SQLException {
        String end = Keys.end(prefix);
        PreparedStatement select =
                session.prepare(CHANGES + (end == null ? "" : " AND k.name < ?") + " ORDER BY k.id LIMIT ?");
        int parameter = 0;
        select.setLong(++parameter, after);
        select.setLong(++parameter, to);
        select.setString(++parameter, prefix);
        if (end != null) {
            select.setString(++parameter, end);
        }
        select.setInt(++parameter, limit);
        List<Log.Change> changes = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                changes.add(change(rows));
            }
        }
        return new Log.Changes(changes, session.queryLong(CompactSlice.REVISION));
    }

    private static Log.Change change(ResultSet rows) throws SQLException {
        Log.Row row = Rows.live(rows);
        if (rows.getLong(7) != 0) {
            row = new Log.Row(row.revision(), row.key(), Log.Kind.DELETE, row.createRevision(), 0, null);
        }
        byte @Nullable [] previous = rows.getBytes(9);
        return new Log.Change(row, rows.getLong(8), previous);
    }
}
