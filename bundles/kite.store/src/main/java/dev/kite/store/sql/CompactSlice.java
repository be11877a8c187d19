package dev.kite.store.sql;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Compacts a slice of revisions. The first sweep after a start begins at the table's first row, so that what an earlier program
 * left behind goes too.
 */
final class CompactSlice {
    /** How far history is compacted. */
    static final String REVISION = "SELECT MAX(prev_revision) FROM kine WHERE name = '" + Rows.COMPACT_KEY + "'";

    /** Rows looked at in one transaction: a few milliseconds of work for a waiting write. */
    private static final int SLICE = 500;

    private static final String SLICE_END =
            "SELECT id FROM kine WHERE id > ? AND id <= ? ORDER BY id LIMIT 1 OFFSET " + (SLICE - 1);

    private static final String RECORD = "UPDATE kine SET prev_revision = ? WHERE name = ?";

    private long swept;

    /** Returns the revision up to which is compacted now. */
    long run(Session session, Dialect dialect, long target) throws SQLException {
        long compacted = session.queryLong(REVISION);
        long sliceEnd = session.queryLong(SLICE_END, swept, target);
        long upTo = sliceEnd == 0 ? target : sliceEnd;
        PreparedStatement delete = session.prepare(dialect.compactSql());
        delete.setLong(1, swept);
        delete.setLong(2, upTo);
        delete.setLong(3, swept);
        delete.setLong(4, upTo);
        delete.executeUpdate();
        long reached = Math.max(compacted, upTo);
        PreparedStatement record = session.prepare(RECORD);
        record.setLong(1, reached);
        record.setString(2, Rows.COMPACT_KEY);
        record.executeUpdate();
        swept = upTo;
        return reached;
    }
}
