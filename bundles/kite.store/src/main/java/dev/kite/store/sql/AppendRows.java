package dev.kite.store.sql;

import dev.kite.store.engine.Log;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Appends rows, each chained to its key's newest, which the database itself looks up. */
final class AppendRows {
    private AppendRows() {}

    static void run(Session session, Dialect dialect, List<Log.Row> rows, long reserve) throws SQLException {
        PreparedStatement insert = session.prepare(dialect.appendSql());
        for (Log.Row row : rows) {
            boolean created = row.kind() == Log.Kind.CREATE;
            insert.setLong(1, row.revision());
            insert.setString(2, row.key());
            insert.setInt(3, created ? 1 : 0);
            insert.setInt(4, row.kind() == Log.Kind.DELETE ? 1 : 0);
            insert.setLong(5, created ? 0 : row.createRevision());
            insert.setLong(6, row.ttlSeconds());
            insert.setBytes(7, row.rest());
            insert.setString(8, row.key());
            insert.executeUpdate();
        }
        if (reserve != 0) {
            dialect.reserve(session, reserve);
        }
    }
}
