package dev.kite.store.sql;

import dev.kite.store.engine.Keys;
import dev.kite.store.engine.Log;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what was live at a revision, in order of name. */
final class ReadAt {
    private final Session session;
    private final String prefix;
    private final @Nullable String end;
    private final long revision;

    ReadAt(Session session, String prefix, long revision) {
        this.session = session;
        this.prefix = prefix;
        this.end = Keys.end(prefix);
        this.revision = revision;
    }

    Log.Listing run(@Nullable String start, boolean inclusive, int limit) throws SQLException {
        String first = start == null || start.compareTo(prefix) < 0 ? prefix : start;
        boolean includeFirst = inclusive || !first.equals(start);
        List<Log.Row> found = new ArrayList<>();
        PreparedStatement select = session.prepare(
                sql(Rows.LIVE, includeFirst) + " ORDER BY k.name" + (limit == 0 ? "" : " LIMIT " + limit));
        bind(select, first);
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                found.add(Rows.live(rows));
            }
        }
        long remaining = 0;
        if (limit != 0 && found.size() == limit) {
            PreparedStatement count = session.prepare(sql("COUNT(*)", false));
            bind(count, found.getLast().key());
            try (ResultSet rows = count.executeQuery()) {
                remaining = rows.next() ? rows.getLong(1) : 0;
            }
        }
        return new Log.Listing(found, remaining, session.queryLong(CompactSlice.REVISION));
    }

    private String sql(String columns, boolean includeFirst) {
        return "SELECT " + columns + " FROM (SELECT MAX(id) AS id FROM kine WHERE name " + (includeFirst ? ">=" : ">")
                + " ?" + (end == null ? "" : " AND name < ?") + " AND id <= ? GROUP BY name) AS m"
                + " JOIN kine AS k ON k.id = m.id WHERE k.deleted = 0 AND " + Rows.KEYS_ONLY;
    }

    private void bind(PreparedStatement statement, String first) throws SQLException {
        int parameter = 0;
        statement.setString(++parameter, first);
        if (end != null) {
            statement.setString(++parameter, end);
        }
        statement.setLong(++parameter, revision);
    }
}
