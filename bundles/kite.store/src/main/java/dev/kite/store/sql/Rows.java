package dev.kite.store.sql;

import dev.kite.store.engine.Log;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Names of the table and its rows as values. */
final class Rows {
    /** The row that records compaction is called so. */
    static final String COMPACT_KEY = "compact_rev_key";

    /** Columns of a live row. */
    static final String LIVE = "k.id, k.name, k.created, k.create_revision, k.lease, k.value";

    /** Leaves out rows that are no keys. A key of ours starts with a slash, so the range hides nothing. */
    static final String KEYS_ONLY = "k.name != '" + COMPACT_KEY + "' AND NOT (k.name >= 'gap-' AND k.name < 'gap.')";

    private Rows() {}

    static String gap(long revision) {
        return "gap-" + revision;
    }

    /** The current row of {@link #LIVE} columns. */
    static Log.Row live(ResultSet rows) throws SQLException {
        long id = rows.getLong(1);
        boolean created = rows.getLong(3) != 0;
        return new Log.Row(
                id,
                rows.getString(2),
                created ? Log.Kind.CREATE : Log.Kind.UPDATE,
                created ? id : rows.getLong(4),
                rows.getLong(5),
                rows.getBytes(6));
    }
}
