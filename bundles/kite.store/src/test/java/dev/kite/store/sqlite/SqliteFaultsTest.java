package dev.kite.store.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kite.behaviour.Behaviour;
import dev.kite.store.Entry;
import dev.kite.store.Fault;
import dev.kite.store.RangeOptions;
import dev.kite.store.Store;
import dev.kite.store.StoreException;
import dev.kite.store.ValueTransformer;
import dev.kite.store.WriteOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged, foreign, full and read-only datastores: each is one line that says what to do, and nothing is lost. */
final class SqliteFaultsTest {
    @TempDir
    Path directory;

    private SqliteOptions options;
    private Path database;

    @BeforeEach
    void place() {
        options = SqliteOptions.of(directory);
        database = options.directory().resolve("state.db");
    }

    private static SqliteStore open(SqliteOptions options) {
        return SqliteStore.open(options, ValueTransformer.identity());
    }

    private void fill(int keys) {
        try (SqliteStore store = open(options)) {
            for (int i = 0; i < keys; i++) {
                store.put(
                        "/p/%04d".formatted(i), ("value " + i + " ").repeat(20).getBytes(UTF_8), Store.ABSENT);
            }
        }
    }

    private StoreException refusal() {
        StoreException refused = catchThrowableOfType(StoreException.class, () -> open(options));
        assertThat(refused).isNotNull();
        assertThat(refused.getMessage())
                .contains(options.directory().toString())
                .doesNotContain("\n");
        return refused;
    }

    private void sql(String... statements) throws SQLException {
        try (Connection connection = SqliteConnections.writer(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.executeUpdate(sql);
            }
        }
    }

    // ---- what is no datastore of ours

    @Test
    void aFileThatIsNoDatabaseIsRefusedAndKept() throws IOException {
        Files.createDirectories(options.directory());
        byte[] content =
                "this is no database, it only has the name of one".repeat(100).getBytes(UTF_8);
        Files.write(database, content);
        assertThat(refusal().fault()).isEqualTo(Fault.CORRUPT);
        assertThat(Files.readAllBytes(database)).isEqualTo(content);
    }

    @Test
    void aDatabaseOfAnotherProgramIsRefusedAndKept() throws Exception {
        Files.createDirectories(options.directory());
        sql("CREATE TABLE songs (title TEXT)");
        assertThat(refusal().fault()).isEqualTo(Fault.FOREIGN_SCHEMA);
    }

    @Test
    @Behaviour("a data directory from a newer version: one line that says what to do, nothing lost")
    void aDatabaseOfANewerVersionIsRefused() throws Exception {
        fill(1);
        sql("PRAGMA user_version = 7");
        StoreException refused = refusal();
        assertThat(refused.fault()).isEqualTo(Fault.NEWER_SCHEMA);
        assertThat(refused).hasMessageContaining("newer");
    }

    @Test
    void aDatastoreInUseIsRefusedAndItsUserGoesOn() {
        try (SqliteStore store = open(options)) {
            assertThat(refusal().fault()).isEqualTo(Fault.IN_USE);
            store.put("/p/a", new byte[1], Store.ABSENT);
        }
        try (SqliteStore store = open(options)) {
            assertThat(store.get("/p/a")).isNotNull();
        }
    }

    @Test
    void aValueThatCannotBeDecodedNamesItsKey() {
        fill(3);
        ValueTransformer locked = new ValueTransformer() {
            @Override
            public byte[] toRest(String key, byte[] value) {
                return value;
            }

            @Override
            public byte[] fromRest(String key, byte[] rest) {
                if (key.endsWith("1")) {
                    throw new IllegalStateException("no such key");
                }
                return rest;
            }
        };
        StoreException refused = catchThrowableOfType(StoreException.class, () -> SqliteStore.open(options, locked));
        assertThat(refused.fault()).isEqualTo(Fault.UNREADABLE_VALUE);
        assertThat(refused).hasMessageContaining("/p/0001").hasMessageContaining("no such key");
        // It let go of everything: the right configuration opens it.
        try (SqliteStore store = open(options)) {
            assertThat(store.range("/p/", RangeOptions.ALL).entries()).hasSize(3);
        }
    }

    // ---- damage

    @Test
    void aTruncatedFileIsRefusedAndKept() throws IOException {
        fill(500);
        long size = Files.size(database);
        try (RandomAccessFile file = new RandomAccessFile(database.toFile(), "rw")) {
            file.setLength(size / 2);
        }
        assertThat(refusal().fault()).isEqualTo(Fault.CORRUPT);
        assertThat(Files.size(database)).isEqualTo(size / 2);
    }

    @Test
    @Behaviour("a damaged datastore is checked at start, repaired by itself where safe, and said")
    void aDamagedIndexIsRebuiltWithoutLossAndTheDamagedFileKept() throws Exception {
        fill(500);
        overwriteRootOf("kine_name_id_index");
        overwriteRootOf("kine_name_index");
        byte[] damaged = Files.readAllBytes(database);
        try (SqliteStore store = open(options)) {
            List<Entry> entries = store.range("/p/", RangeOptions.ALL).entries();
            assertThat(entries).hasSize(500);
            assertThat(new String(entries.get(17).bytes(), UTF_8)).startsWith("value 17 ");
            assertThat(store.put("/p/new", new byte[1], Store.ABSENT).modRevision())
                    .isEqualTo(502);
        }
        List<Path> kept;
        try (var files = Files.list(options.directory())) {
            kept = files.filter(file -> file.getFileName().toString().startsWith("state.db-damaged-"))
                    .toList();
        }
        assertThat(kept).hasSize(1);
        assertThat(Arrays.equals(Files.readAllBytes(kept.getFirst()), damaged)).isTrue();
        try (SqliteStore store = open(options)) {
            assertThat(store.get("/p/new")).isNotNull();
        }
    }

    @Test
    @Behaviour("a corrupt or read-only database: one line that says what to do, nothing lost")
    void damagedRowsAreRefusedAndTheFileKept() throws Exception {
        fill(500);
        overwriteRootOf("kine");
        byte[] damaged = Files.readAllBytes(database);
        assertThat(refusal().fault()).isEqualTo(Fault.CORRUPT);
        assertThat(Arrays.equals(Files.readAllBytes(database), damaged)).isTrue();
    }

    private void overwriteRootOf(String name) throws Exception {
        long page;
        try (Connection connection = SqliteConnections.writer(database);
                Statement statement = connection.createStatement()) {
            page = SqliteSchema.number(statement, "SELECT rootpage FROM sqlite_master WHERE name = '" + name + "'");
        }
        try (RandomAccessFile file = new RandomAccessFile(database.toFile(), "rw")) {
            file.seek((page - 1) * 4096);
            byte[] junk = new byte[4096];
            Arrays.fill(junk, (byte) 0xEE);
            file.write(junk);
        }
    }

    @Test
    void randomDamageEndsInAWorkingStoreOrOneClearLine() throws Exception {
        fill(300);
        byte[] good = Files.readAllBytes(database);
        Random random = new Random(42);
        for (int round = 0; round < 40; round++) {
            byte[] bad = good.clone();
            int from = random.nextInt(bad.length);
            int length = Math.min(bad.length - from, 1 + random.nextInt(5000));
            for (int i = from; i < from + length; i++) {
                bad[i] = (byte) random.nextInt();
            }
            Files.write(database, bad);
            try (SqliteStore store = open(options)) {
                store.range("", RangeOptions.ALL);
                store.put("/p/round", new byte[1], Store.ANY);
            } catch (StoreException e) {
                assertThat(e.getMessage()).contains("state.db").doesNotContain("\n");
            }
            for (String suffix : List.of("-wal", "-shm", "-repaired")) {
                Files.deleteIfExists(database.resolveSibling("state.db" + suffix));
            }
        }
    }

    @Test
    void aTornLogLosesNothingThatWasBeforeIt() throws Exception {
        try (SqliteStore store = open(options)) {
            for (int i = 0; i < 20; i++) {
                store.put("/p/" + i, new byte[500], Store.ABSENT);
            }
            SqliteOptions other = SqliteOptions.of(directory.resolve("other"));
            Files.createDirectories(other.directory());
            Files.copy(database, other.directory().resolve("state.db"));
            byte[] log = Files.readAllBytes(database.resolveSibling("state.db-wal"));
            // The last write arrived in part: its frames end in the middle, and junk follows.
            byte[] torn = Arrays.copyOf(log, log.length - 3000);
            Arrays.fill(torn, torn.length - 500, torn.length, (byte) 0x5A);
            Files.write(other.directory().resolve("state.db-wal"), torn);
            try (SqliteStore after = open(other)) {
                assertThat(after.range("/p/", RangeOptions.ALL).entries()).hasSizeBetween(18, 19);
                assertThat(after.get("/p/17").bytes()).hasSize(500);
            }
        }
    }

    // ---- file systems

    private interface Body {
        void run(Path mounted) throws Exception;
    }

    private void onTmpfs(String size, Body body) throws Exception {
        Path mount = Files.createDirectory(directory.resolve("kite-store-tmpfs"));
        assumeTrue(
                command("mount", "-t", "tmpfs", "-o", "size=" + size, "kite-store-test", mount.toString()),
                "no permission to mount a tmpfs: skipped");
        try {
            body.run(mount);
        } finally {
            assertThat(command("umount", mount.toString())).isTrue();
        }
    }

    private static boolean command(String... words) throws Exception {
        Process process;
        try {
            process = new ProcessBuilder(words).redirectErrorStream(true).start();
        } catch (IOException e) {
            return false;
        }
        process.getInputStream().readAllBytes();
        return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    @Test
    @Behaviour("a full disk: one line that says what to do, nothing lost")
    void aFullDiskFailsWritesClearlyLosesNothingAndRecovers() throws Exception {
        onTmpfs("3m", mount -> {
            SqliteOptions tiny = SqliteOptions.of(mount).relaxedFlush(Duration.ofHours(1));
            List<String> acknowledged = new ArrayList<>();
            Path ballast = mount.resolve("ballast");
            Files.write(ballast, new byte[1 << 20]);
            try (SqliteStore store = open(tiny)) {
                StoreException full = null;
                for (int i = 0; i < 2000 && full == null; i++) {
                    try {
                        store.put("/p/" + i, new byte[2000], Store.ABSENT);
                        acknowledged.add("/p/" + i);
                    } catch (StoreException e) {
                        full = e;
                    }
                }
                assertThat(full).isNotNull();
                assertThat(full.fault()).isEqualTo(Fault.DISK_FULL);
                assertThat(full).hasMessageContaining("free space");
                long revision = store.revision();
                assertThat(store.range("/p/", RangeOptions.ALL).entries())
                        .extracting(Entry::key)
                        .containsExactlyInAnyOrderElementsOf(acknowledged);
                // Heartbeats go on in memory.
                store.put("/lease", new byte[10], Store.ANY, WriteOptions.RELAXED);
                assertThat(store.revision()).isEqualTo(revision + 1);
                Files.delete(ballast);
                store.put("/p/after", new byte[2000], Store.ABSENT);
                acknowledged.add("/p/after");
            }
            try (SqliteStore store = open(tiny)) {
                assertThat(store.range("/p/", RangeOptions.ALL).entries())
                        .extracting(Entry::key)
                        .containsExactlyInAnyOrderElementsOf(acknowledged);
                assertThat(store.get("/lease")).isNotNull();
            }
        });
    }

    @Test
    void aDiskThatIsFullAtTheStartIsSaidSo() throws Exception {
        onTmpfs("1m", mount -> {
            Path ballast = mount.resolve("ballast");
            byte[] kilobytes = new byte[1024 * 1024 - 16 * 4096];
            Files.write(ballast, kilobytes);
            options = SqliteOptions.of(mount);
            assertThat(refusal().fault()).isEqualTo(Fault.DISK_FULL);
            Files.delete(ballast);
            open(options).close();
        });
    }

    @Test
    @Behaviour("a corrupt or read-only database: one line that says what to do, nothing lost")
    void aReadOnlyFileSystemIsSaidSo() throws Exception {
        onTmpfs("8m", mount -> {
            options = SqliteOptions.of(mount);
            database = options.directory().resolve("state.db");
            fill(10);
            assumeTrue(command("mount", "-o", "remount,ro", mount.toString()), "cannot remount: skipped");
            StoreException refused = refusal();
            assertThat(refused.fault()).isEqualTo(Fault.READ_ONLY);
            assertThat(refused).hasMessageContaining("mounted read-only");
            assertThat(command("mount", "-o", "remount,rw", mount.toString())).isTrue();
            try (SqliteStore store = open(options)) {
                assertThat(store.range("/p/", RangeOptions.ALL).entries()).hasSize(10);
            }
        });
    }

    @Test
    void aFileSystemThatTurnsReadOnlyFailsWritesAndLosesNothing() throws Exception {
        onTmpfs("8m", mount -> {
            options = SqliteOptions.of(mount);
            Path copy = directory.resolve("backup.db");
            try (SqliteStore store = open(options)) {
                store.put("/p/a", new byte[10], Store.ABSENT);
                // Files that are open for writing keep the mount from turning; a backup onto one that did is the same
                // error.
                assertThat(store.get("/p/a")).isNotNull();
                store.backup(copy);
            }
            assumeTrue(command("mount", "-o", "remount,ro", mount.toString()), "cannot remount: skipped");
            SqliteOptions other = SqliteOptions.of(directory.resolve("other"));
            try (SqliteStore store = open(other)) {
                StoreException refused =
                        catchThrowableOfType(StoreException.class, () -> store.backup(mount.resolve("backup.db")));
                assertThat(refused.fault()).isEqualTo(Fault.READ_ONLY);
                store.put("/p/a", new byte[10], Store.ABSENT);
            }
        });
    }
}
