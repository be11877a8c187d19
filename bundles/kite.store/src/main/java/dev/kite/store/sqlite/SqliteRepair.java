package dev.kite.store.sqlite;

import dev.kite.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repairs a damaged database where that loses nothing: when every row of the table can be read in order of id and no row of
 * uncompacted history is missing from a chain, the damage is in the indexes or in free space. The rows then go into a new file
 * which takes the old one's place; the old one stays beside it. Otherwise nothing is touched.
 */
final class SqliteRepair {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteRepair.class);

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

    private static final String COLUMNS =
            "id, name, created, deleted, create_revision, prev_revision, lease, value, old_value";

    private SqliteRepair() {}

    /** Repairs, or throws {@code damage} with what stood against it suppressed. */
    static void run(SqliteFiles files, StoreException damage) {
        Path repaired = files.beside("-repaired");
        try {
            Files.deleteIfExists(repaired);
            rebuild(files.database(), repaired);
            Path kept = swap(files, repaired);
            LOG.warn(
                    "the datastore {} was damaged ({}); all rows were readable and it was rebuilt without loss; the damaged file is {}",
                    files.database(),
                    damage.getMessage(),
                    kept);
        } catch (SQLException | IOException e) {
            damage.addSuppressed(e);
            throw damage;
        }
    }

    private static void rebuild(Path damaged, Path repaired) throws SQLException, IOException {
        try (Connection connection = SqliteConnections.writer(repaired);
                Statement statement = connection.createStatement()) {
            SqliteSchema.prepare(connection, repaired);
            statement.executeUpdate("ATTACH DATABASE '" + damaged.toString().replace("'", "''") + "' AS damaged");
            statement.executeUpdate("BEGIN IMMEDIATE");
            statement.executeUpdate("INSERT INTO main.kine (" + COLUMNS + ") SELECT " + COLUMNS
                    + " FROM damaged.kine NOT INDEXED ORDER BY id");
            statement.executeUpdate("UPDATE main.sqlite_sequence SET seq = MAX(seq, (SELECT MAX(seq)"
                    + " FROM damaged.sqlite_sequence WHERE name = 'kine')) WHERE name = 'kine'");
            long broken = SqliteSchema.number(
                    statement,
                    "SELECT COUNT(*) FROM main.kine AS k WHERE k.name != 'compact_rev_key' AND k.prev_revision >"
                            + " (SELECT MAX(prev_revision) FROM main.kine WHERE name = 'compact_rev_key')"
                            + " AND NOT EXISTS (SELECT 1 FROM main.kine AS p WHERE p.id = k.prev_revision)");
            if (broken != 0) {
                throw new IOException(broken + " rows of history are missing");
            }
            statement.executeUpdate("COMMIT");
            statement.executeUpdate("DETACH DATABASE damaged");
            statement.executeUpdate("PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }

    /** Puts the rebuilt file in the damaged one's place. A crash in between leaves the damaged one in its or the kept place. */
    private static Path swap(SqliteFiles files, Path repaired) throws IOException {
        Path database = files.database();
        String suffix = "-damaged-" + STAMP.format(Instant.now());
        Path kept = files.beside(suffix);
        Files.copy(database, kept, StandardCopyOption.COPY_ATTRIBUTES);
        Path log = files.beside("-wal");
        if (Files.exists(log)) {
            Files.copy(log, files.beside(suffix + "-wal"), StandardCopyOption.COPY_ATTRIBUTES);
        }
        // The log belongs to the damaged file; beside the rebuilt one it would be replayed into it.
        Files.deleteIfExists(log);
        Files.deleteIfExists(files.beside("-shm"));
        Files.move(repaired, database, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        SqliteFiles.syncDirectory(database.toAbsolutePath().resolveSibling("."));
        return kept;
    }
}
