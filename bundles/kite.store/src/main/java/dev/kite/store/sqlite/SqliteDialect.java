package dev.kite.store.sqlite;

import dev.kite.store.StoreException;
import dev.kite.store.engine.Log;
import dev.kite.store.sql.Dialect;
import dev.kite.store.sql.Session;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** SQLite's own ways. Owns the files' lock. */
final class SqliteDialect implements Dialect {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteDialect.class);

    /** After a crash a file up to this size is checked page by page; that takes about a second per 256 MiB. */
    private static final long CHECKED_BYTES = 256L << 20;

    private final SqliteFiles files;
    private SqliteHousekeeping housekeeping;

    SqliteDialect(SqliteFiles files) {
        this.files = files;
        housekeeping = new SqliteHousekeeping(files, 0, 0);
    }

    @Override
    public Connection openWriter() {
        Path database = files.database();
        boolean crashed = files.hasLog();
        try {
            Connection connection = SqliteConnections.writer(database);
            try (Statement statement = connection.createStatement()) {
                if (crashed && files.databaseSize() <= CHECKED_BYTES) {
                    check(statement);
                }
                SqliteSchema.prepare(connection, database);
                reclaimable(statement);
                housekeeping = new SqliteHousekeeping(
                        files,
                        SqliteSchema.number(statement, "PRAGMA page_size"),
                        SqliteSchema.number(statement, "PRAGMA freelist_count"));
                return connection;
            } catch (SQLException | RuntimeException | Error e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw translate(e, "opening");
        }
    }

    private void check(Statement statement) throws SQLException {
        List<String> findings = SqliteSchema.strings(statement, "PRAGMA quick_check(1)");
        if (!findings.equals(List.of("ok"))) {
            throw files.corrupt(String.join(", ", findings), null);
        }
    }

    /**
     * A database that k3s made gives space back only by a complete rewrite; one such rewrite makes it give it back in steps.
     * Not worth failing for: without it the file only stays as large as it once was.
     */
    private void reclaimable(Statement statement) throws SQLException {
        if (SqliteSchema.number(statement, "PRAGMA auto_vacuum") == 2) {
            return;
        }
        try {
            statement.executeUpdate("PRAGMA auto_vacuum = INCREMENTAL");
            statement.executeUpdate("VACUUM");
        } catch (SQLException e) {
            LOG.warn("the datastore {} was not rewritten to give space back: {}", files.database(), e.getMessage());
        }
    }

    @Override
    public Connection openReader() {
        try {
            return SqliteConnections.reader(files.database());
        } catch (SQLException e) {
            throw translate(e, "opening");
        }
    }

    @Override
    public void begin(Session session, boolean write) throws SQLException {
        session.prepare(write ? "BEGIN IMMEDIATE" : "BEGIN").executeUpdate();
    }

    @Override
    public void commit(Session session) throws SQLException {
        session.prepare("COMMIT").executeUpdate();
    }

    @Override
    public void rollback(Session session) throws SQLException {
        // A full disk or an I/O error has already rolled back; a second time is then an error that says nothing.
        session.execute("SAVEPOINT undo");
        session.prepare("ROLLBACK").executeUpdate();
    }

    @Override
    public long reserved(Session writer) throws SQLException {
        return writer.queryLong("SELECT seq FROM sqlite_sequence WHERE name = 'kine'");
    }

    @Override
    public void reserve(Session writer, long revision) throws SQLException {
        PreparedStatement update = writer.prepare("UPDATE sqlite_sequence SET seq = ? WHERE name = 'kine'");
        update.setLong(1, revision);
        update.executeUpdate();
    }

    @Override
    public void committed(Session writer) {
        try {
            housekeeping.committed(writer);
        } catch (SQLException e) {
            LOG.debug("a commit was not counted", e);
        }
    }

    @Override
    public boolean tidy(Session writer, boolean busy) throws SQLException {
        return housekeeping.tidy(writer, busy);
    }

    @Override
    public void compacted() {
        housekeeping.compacted();
    }

    @Override
    public void backup(Path target) {
        SqliteBackup.run(files, target);
    }

    @Override
    public Log.Size size() {
        return housekeeping.size();
    }

    @Override
    public StoreException translate(SQLException error, String doing) {
        return SqliteErrors.translate(error, files.database(), doing);
    }

    @Override
    public void close() {
        files.close();
    }
}
