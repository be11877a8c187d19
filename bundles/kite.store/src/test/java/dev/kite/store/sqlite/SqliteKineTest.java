package dev.kite.store.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kite.behaviour.Behaviour;
import dev.kite.store.CompactedException;
import dev.kite.store.Entry;
import dev.kite.store.RangeOptions;
import dev.kite.store.Store;
import dev.kite.store.StoreStats;
import dev.kite.store.ValueTransformer;
import dev.kite.store.Watch;
import dev.kite.store.WatchEvent;
import dev.kite.store.WatchOptions;
import dev.kite.store.WriteOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;

/** The table is kine's: what it holds after our writes, and that what k3s left opens. */
final class SqliteKineTest {
    @TempDir
    Path directory;

    private SqliteOptions options;

    @BeforeEach
    void place() throws Exception {
        options = SqliteOptions.of(directory).relaxedFlush(Duration.ofHours(1));
        Files.createDirectories(options.directory());
    }

    private SqliteStore open() {
        return SqliteStore.open(options, ValueTransformer.identity());
    }

    /** As another program would open it. */
    private Connection foreign() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        return config.createConnection("jdbc:sqlite:" + options.directory().resolve("state.db"));
    }

    private List<String> rows(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = foreign();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                List<String> columns = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    byte[] value = result.getBytes(i);
                    columns.add(value == null ? "-" : new String(value, UTF_8));
                }
                rows.add(String.join("|", columns));
            }
        }
        return rows;
    }

    private List<String> log() throws SQLException {
        return rows("SELECT id, name, created, deleted, create_revision, prev_revision, lease, value, old_value"
                + " FROM kine ORDER BY id");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    @Behaviour("SQLite in kine's table layout")
    void theLifeOfAKeyIsFourRowsAsKineWritesThem() throws Exception {
        try (SqliteStore store = open()) {
            Entry first = store.put("/a", bytes("v1"), Store.ABSENT, WriteOptions.DURABLE.ttl(3600));
            store.put("/a", bytes("v2"), first.modRevision());
            store.delete("/a", Store.ANY);
            store.put("/a", bytes("v3"), Store.ABSENT);
        }
        assertThat(log())
                .containsExactly(
                        "1|compact_rev_key|1|0|0|0|0||-",
                        "2|/a|1|0|0|0|3600|v1|-",
                        "3|/a|0|0|2|2|0|v2|v1",
                        "4|/a|0|1|2|3|0|-|v2",
                        "5|/a|1|0|0|4|0|v3|-");
        assertThat(rows("SELECT seq FROM sqlite_sequence WHERE name = 'kine'")).containsExactly("5");
    }

    @Test
    void coalescedUpdatesStayOneChain() throws Exception {
        try (SqliteStore store = open()) {
            store.put("/lease", bytes("0"), Store.ABSENT);
            for (int i = 1; i <= 5; i++) {
                store.put("/lease", bytes("" + i), Store.ANY, WriteOptions.RELAXED);
            }
            store.flush();
            store.put("/lease", bytes("last"), Store.ANY);
        }
        assertThat(log())
                .containsExactly(
                        "1|compact_rev_key|1|0|0|0|0||-",
                        "2|/lease|1|0|0|0|0|0|-",
                        "7|/lease|0|0|2|2|0|5|0",
                        "8|/lease|0|0|2|7|0|last|5");
    }

    @Test
    void compactionLeavesWhatKineWouldLeave() throws Exception {
        try (SqliteStore store = open()) {
            store.put("/a", bytes("1"), Store.ABSENT);
            store.put("/a", bytes("2"), Store.ANY);
            store.put("/b", bytes("1"), Store.ABSENT);
            store.delete("/b", Store.ANY);
            store.put("/a", bytes("3"), Store.ANY);
            store.compact(5);
        }
        assertThat(log()).containsExactly("1|compact_rev_key|1|0|0|5|0||-", "3|/a|0|0|2|2|0|2|1", "6|/a|0|0|2|3|0|3|2");
    }

    @Test
    void indexesAreThoseThatK3sLooksFor() throws Exception {
        open().close();
        assertThat(rows("SELECT name FROM sqlite_master WHERE type = 'index' ORDER BY name"))
                .containsExactly(
                        "kine_id_compact_rev_key_with_prev_revision_index",
                        "kine_id_deleted_index",
                        "kine_name_id_index",
                        "kine_name_index",
                        "kine_name_prev_revision_uindex",
                        "kine_prev_revision_index");
    }

    @Test
    @Behaviour("a datastore in the layout of k3s opens in Kite")
    void aDatastoreThatK3sLeftOpensWithItsHistory() throws Exception {
        try (Connection connection = foreign();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("CREATE TABLE kine (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT,"
                    + " created INTEGER, deleted INTEGER, create_revision INTEGER, prev_revision INTEGER,"
                    + " lease INTEGER, value BLOB, old_value BLOB)");
            // Two compaction rows (an old bug), a compacted life, a gap, a deletion as kine writes it, an index of its
            // own missing.
            statement.executeUpdate("INSERT INTO kine VALUES"
                    + " (1,'compact_rev_key',1,0,0,5,0,X'',NULL), (2,'compact_rev_key',1,0,0,0,0,X'',NULL),"
                    + " (4,'/registry/health',1,0,0,0,0,CAST('{\"health\":\"true\"}' AS BLOB),NULL),"
                    + " (6,'/registry/pods/a',0,0,3,5,0,CAST('a2' AS BLOB),CAST('a1' AS BLOB)),"
                    + " (7,'gap-7',0,1,0,0,0,NULL,NULL),"
                    + " (8,'/registry/pods/b',1,0,0,0,0,CAST('b1' AS BLOB),NULL),"
                    + " (9,'/registry/pods/b',0,1,0,8,0,NULL,CAST('b1' AS BLOB)),"
                    + " (10,'/bootstrap/x',1,0,0,0,0,CAST('k' AS BLOB),NULL),"
                    + " (11,'/registry/pods/a',0,0,3,6,0,CAST('a3' AS BLOB),CAST('a2' AS BLOB))");
        }
        try (SqliteStore store = open()) {
            assertThat(store.revision()).isEqualTo(11);
            assertThat(store.compactRevision()).isEqualTo(5);
            assertThat(store.range("", RangeOptions.ALL).entries())
                    .extracting(entry -> entry.key() + "=" + new String(entry.bytes(), UTF_8) + "@"
                            + entry.createRevision() + "/" + entry.modRevision())
                    .containsExactly(
                            "/bootstrap/x=k@10/10",
                            "/registry/health={\"health\":\"true\"}@4/4",
                            "/registry/pods/a=a3@3/11");
            assertThat(store.range("/registry/pods/", RangeOptions.ALL.at(8)).entries())
                    .extracting(Entry::key)
                    .containsExactly("/registry/pods/a", "/registry/pods/b");
            try (Watch watch = store.watch("", 5, WatchOptions.DEFAULT)) {
                assertThat(watch.take(Duration.ofSeconds(10)))
                        .extracting(event -> event.getClass().getSimpleName() + " " + event.key() + " "
                                + event.revision() + " " + (event.previous() == null ? "new" : "old"))
                        .containsExactly(
                                "Put /registry/pods/a 6 old",
                                "Put /registry/pods/b 8 new",
                                "Delete /registry/pods/b 9 old",
                                "Put /bootstrap/x 10 new",
                                "Put /registry/pods/a 11 old");
            }
            store.put("/registry/pods/b", bytes("b2"), Store.ABSENT);
        }
        assertThat(log()).contains("12|/registry/pods/b|1|0|0|9|0|b2|-");
        assertThat(rows("SELECT id FROM kine WHERE name = 'compact_rev_key'")).containsExactly("1");
        assertThat(rows("PRAGMA auto_vacuum")).containsExactly("2");
        assertThat(rows("PRAGMA integrity_check")).containsExactly("ok");
    }

    @Test
    void garbageThatAnotherProgramLeftBelowItsCompactionGoesToo() throws Exception {
        try (SqliteStore store = open()) {
            for (int i = 0; i < 50; i++) {
                store.put("/a", bytes("" + i), Store.ANY);
            }
        }
        try (Connection connection = foreign();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE kine SET prev_revision = 40 WHERE name = 'compact_rev_key'");
        }
        try (SqliteStore store = open()) {
            store.compact(51);
        }
        assertThat(rows("SELECT COUNT(*) FROM kine")).containsExactly("2");
    }

    @Test
    @Behaviour("SQLite grows without bound: compaction that cannot fall behind, incremental vacuum, bounded file")
    void churnKeepsFileAndLogBoundedByItself() throws Exception {
        SqliteOptions churned = options.retain(Duration.ofMillis(200), 100, 2000);
        try (SqliteStore store = SqliteStore.open(churned, ValueTransformer.identity())) {
            long before = store.revision();
            List<Thread> writers = new ArrayList<>();
            for (int w = 0; w < 16; w++) {
                int writer = w;
                writers.add(Thread.ofVirtual().start(() -> {
                    for (int i = 0; i < 1000; i++) {
                        store.put("/churn/" + writer, new byte[3000], Store.ANY);
                    }
                }));
            }
            long mostLag = 0;
            long mostLog = 0;
            for (Thread writer : writers) {
                while (writer.isAlive()) {
                    StoreStats stats = store.stats();
                    mostLag = Math.max(mostLag, stats.revision() - stats.compactRevision());
                    mostLog = Math.max(mostLog, stats.logBytes());
                    Thread.sleep(5);
                }
            }
            assertThat(store.revision()).isEqualTo(before + 16_000);
            // 16,000 revisions with value and old value are 96 MB.
            assertThat(mostLag).isLessThan(5000);
            assertThat(mostLog).isLessThan(64L << 20);
            StoreStats stats = store.stats();
            assertThat(stats.fileBytes()).isLessThan(64L << 20);
            assertThat(stats.bytesWritten()).isGreaterThan(16_000L * 3000);
            assertThat(stats.commits()).isLessThan(stats.writes());
            CompactedException gone = catchThrowableOfType(
                    CompactedException.class, () -> store.watch("/churn/", before + 1, WatchOptions.DEFAULT));
            assertThat(gone.compactRevision()).isGreaterThan(before);
        }
        assertThat(rows("PRAGMA integrity_check")).containsExactly("ok");
    }

    @Test
    void deletingMuchGivesTheSpaceBack() throws Exception {
        SqliteOptions eager = options.retain(Duration.ZERO, 0, 1000);
        try (SqliteStore store = SqliteStore.open(eager, ValueTransformer.identity())) {
            for (int i = 0; i < 150; i++) {
                store.put("/big/" + i, new byte[100_000], Store.ABSENT);
            }
            long full = store.stats().fileBytes();
            assertThat(full).isGreaterThan(15_000_000);
            for (int i = 0; i < 150; i++) {
                store.delete("/big/" + i, Store.ANY);
            }
            long end = System.nanoTime() + 20_000_000_000L;
            while (Files.size(options.directory().resolve("state.db")) > full / 2 && System.nanoTime() < end) {
                store.put("/tick", new byte[1], Store.ANY);
                Thread.sleep(20);
            }
        }
        assertThat(Files.size(options.directory().resolve("state.db"))).isLessThan(8_000_000);
    }

    @Test
    void valuesGoThroughTheTransformerBothWays() throws Exception {
        ValueTransformer reversing = new ValueTransformer() {
            @Override
            public byte[] toRest(String key, byte[] value) {
                return new StringBuilder(new String(value, UTF_8))
                        .reverse()
                        .toString()
                        .getBytes(UTF_8);
            }

            @Override
            public byte[] fromRest(String key, byte[] rest) {
                return toRest(key, rest);
            }

            @Override
            public Object view(String key, byte[] value) {
                return key + ":" + value.length;
            }
        };
        try (SqliteStore store = SqliteStore.open(options, reversing)) {
            assertThat(store.put("/a", bytes("abc"), Store.ABSENT).value().view())
                    .isEqualTo("/a:3");
            store.put("/a", bytes("defg"), Store.ANY);
        }
        assertThat(log()).contains("3|/a|0|0|2|2|0|gfed|cba");
        try (SqliteStore store = SqliteStore.open(options, reversing);
                Watch watch = store.watch("/a", 2, WatchOptions.DEFAULT)) {
            assertThat(store.get("/a").bytes()).isEqualTo(bytes("defg"));
            assertThat(store.get("/a").value().view()).isEqualTo("/a:4");
            WatchEvent event = watch.take(Duration.ofSeconds(10)).getFirst();
            assertThat(event.previous().bytes()).isEqualTo(bytes("abc"));
        }
    }
}
