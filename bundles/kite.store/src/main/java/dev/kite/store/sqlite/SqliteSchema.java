package dev.kite.store.sqlite;

import dev.kite.store.Fault;
import dev.kite.store.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * kine's table and indexes, names and columns as k3s makes them, so that it finds what it expects. {@code user_version} is 0
 * there and here; a later Kite that changes the layout raises it.
 */
final class SqliteSchema {
    private static final int VERSION = 0;

    private static final List<String> COLUMNS = List.of(
            "id", "name", "created", "deleted", "create_revision", "prev_revision", "lease", "value", "old_value");

    private static final List<String> STATEMENTS = List.of(
            "CREATE TABLE IF NOT EXISTS kine (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, created INTEGER,"
                    + " deleted INTEGER, create_revision INTEGER, prev_revision INTEGER, lease INTEGER, value BLOB,"
                    + " old_value BLOB)",
            "CREATE INDEX IF NOT EXISTS kine_name_index ON kine (name)",
            "CREATE INDEX IF NOT EXISTS kine_name_id_index ON kine (name, id)",
            "CREATE INDEX IF NOT EXISTS kine_id_deleted_index ON kine (id, deleted)",
            "CREATE INDEX IF NOT EXISTS kine_prev_revision_index ON kine (prev_revision)",
            "CREATE UNIQUE INDEX IF NOT EXISTS kine_name_prev_revision_uindex ON kine (name, prev_revision)",
            "CREATE INDEX IF NOT EXISTS kine_id_compact_rev_key_with_prev_revision_index"
                    + " ON kine (id, name, prev_revision) WHERE name != 'compact_rev_key' AND prev_revision != 0");

    private SqliteSchema() {}

    /** Checks what is there and makes what is missing. */
    static void prepare(Connection connection, Path database) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            check(statement, database);
            statement.executeUpdate("BEGIN IMMEDIATE");
            for (String sql : STATEMENTS) {
                statement.executeUpdate(sql);
            }
            statement.executeUpdate("COMMIT");
        }
    }

    private static void check(Statement statement, Path database) throws SQLException {
        long version = number(statement, "PRAGMA user_version");
        if (version > VERSION) {
            throw new StoreException(
                    Fault.NEWER_SCHEMA,
                    "the datastore " + database + " has layout " + version + ", newer than this Kite's " + VERSION
                            + ": run the newer Kite, or put back the backup made before it was installed",
                    null);
        }
        Set<String> columns = new HashSet<>(strings(statement, "SELECT name FROM pragma_table_info('kine')"));
        List<String> others =
                strings(statement, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
        boolean foreign = columns.isEmpty() ? !others.isEmpty() : !columns.containsAll(COLUMNS);
        if (foreign) {
            throw new StoreException(
                    Fault.FOREIGN_SCHEMA,
                    "the database " + database + " is not a k3s or Kite datastore: use another data directory",
                    null);
        }
    }

    static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    static List<String> strings(Statement statement, String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }
}
