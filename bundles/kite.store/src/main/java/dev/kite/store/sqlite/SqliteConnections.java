package dev.kite.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;

/** Opens connections, with all that matters for durability and size set in one place. */
final class SqliteConnections {
    /** How long to wait for a lock that another program holds. */
    private static final int BUSY_MILLIS = 10_000;

    /** The log is cut to this after it was emptied; it grows beyond only while something long reads. */
    private static final int LOG_BYTES = 16 << 20;

    private SqliteConnections() {}

    /**
     * The writer's connection. Checkpoints are the housekeeping's; until a database has tables its space can be given back
     * incrementally, so that is said before the journal's mode writes the first page.
     */
    static Connection writer(Path database) throws SQLException {
        Connection connection = open(database);
        try (Statement statement = connection.createStatement()) {
            if (SqliteSchema.number(statement, "PRAGMA page_count") == 0) {
                statement.executeUpdate("PRAGMA auto_vacuum = INCREMENTAL");
            }
            statement.executeUpdate("PRAGMA journal_mode = WAL");
            statement.executeUpdate("PRAGMA synchronous = FULL");
            statement.executeUpdate("PRAGMA wal_autocheckpoint = 0");
            statement.executeUpdate("PRAGMA journal_size_limit = " + LOG_BYTES);
            return connection;
        } catch (SQLException | RuntimeException | Error e) {
            connection.close();
            throw e;
        }
    }

    /** A connection that cannot write. */
    static Connection reader(Path database) throws SQLException {
        return with(database, "PRAGMA query_only = ON");
    }

    /** A connection for a backup: it reads, but must be allowed to write the new file. */
    static Connection backup(Path database) throws SQLException {
        return with(database, "PRAGMA query_only = OFF");
    }

    private static Connection with(Path database, String setting) throws SQLException {
        Connection connection = open(database);
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("PRAGMA wal_autocheckpoint = 0");
            statement.executeUpdate(setting);
            return connection;
        } catch (SQLException | RuntimeException | Error e) {
            connection.close();
            throw e;
        }
    }

    private static Connection open(Path database) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        // Not DriverManager: a driver found by its class loader would not be found from within a bundle.
        return config.createConnection("jdbc:sqlite:" + database.toAbsolutePath());
    }
}
