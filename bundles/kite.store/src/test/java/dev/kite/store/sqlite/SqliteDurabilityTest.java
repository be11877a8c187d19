package dev.kite.store.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kite.behaviour.Behaviour;
import dev.kite.store.Entry;
import dev.kite.store.Fault;
import dev.kite.store.RangeOptions;
import dev.kite.store.Store;
import dev.kite.store.StoreException;
import dev.kite.store.ValueTransformer;
import dev.kite.store.Watch;
import dev.kite.store.WatchEvent;
import dev.kite.store.WatchOptions;
import dev.kite.store.WriteOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is there after a restart, after a crash, in a backup. */
final class SqliteDurabilityTest {
    @TempDir
    Path directory;

    private SqliteOptions options() {
        return SqliteOptions.of(directory).relaxedFlush(Duration.ofHours(1));
    }

    private static SqliteStore open(SqliteOptions options) {
        return SqliteStore.open(options, ValueTransformer.identity());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String text(Entry entry) {
        return new String(entry.bytes(), UTF_8);
    }

    /** The files as a power cut would leave them: copied while the store runs. */
    private SqliteOptions crashed() throws IOException {
        Path copy = Files.createTempDirectory(directory, "crashed");
        SqliteOptions other = SqliteOptions.of(copy);
        Files.createDirectories(other.directory());
        for (String name : List.of("state.db", "state.db-wal")) {
            Files.copy(options().directory().resolve(name), other.directory().resolve(name));
        }
        return other;
    }

    @Test
    void everythingIsThereAfterARestart() {
        List<Entry> before;
        long revision;
        try (SqliteStore store = open(options())) {
            for (int i = 0; i < 200; i++) {
                store.put("/p/" + i % 50, bytes("" + i), Store.ANY);
            }
            store.delete("/p/7", Store.ANY);
            store.put("/lease", bytes("relaxed"), Store.ANY, WriteOptions.RELAXED);
            before = store.range("", RangeOptions.ALL).entries();
            revision = store.revision();
        }
        try (SqliteStore store = open(options())) {
            assertThat(store.revision()).isEqualTo(revision);
            List<Entry> after = store.range("", RangeOptions.ALL).entries();
            assertThat(after).hasSameSizeAs(before);
            for (int i = 0; i < before.size(); i++) {
                assertThat(after.get(i)).usingRecursiveComparison().isEqualTo(before.get(i));
            }
        }
    }

    @Test
    void aWatchFromBeforeTheRestartReadsItsHistoryFromDisk() throws Exception {
        Entry first;
        List<Long> revisions = new ArrayList<>();
        try (SqliteStore store = open(options())) {
            first = store.put("/p/a", bytes("0"), Store.ABSENT);
            for (int i = 1; i <= 1200; i++) {
                revisions.add(store.put("/p/a", bytes("" + i), Store.ANY).modRevision());
                if (i % 100 == 0) {
                    store.put("/q/a", bytes("x"), Store.ANY);
                }
            }
            revisions.add(store.delete("/p/a", Store.ANY).revision());
        }
        try (SqliteStore store = open(options());
                Watch watch = store.watch("/p/", first.modRevision(), WatchOptions.DEFAULT)) {
            revisions.add(store.put("/p/a", bytes("again"), Store.ABSENT).modRevision());
            List<WatchEvent> events = new ArrayList<>();
            while (events.size() < revisions.size()) {
                List<WatchEvent> more = watch.take(Duration.ofSeconds(10));
                assertThat(more).isNotEmpty();
                events.addAll(more);
            }
            assertThat(events).extracting(WatchEvent::revision).containsExactlyElementsOf(revisions);
            WatchEvent.Put second = (WatchEvent.Put) events.get(1);
            assertThat(text(second.entry())).isEqualTo("2");
            assertThat(text(second.previous())).isEqualTo("1");
            assertThat(second.entry().createRevision()).isEqualTo(first.modRevision());
            WatchEvent.Delete deleted = (WatchEvent.Delete) events.get(1200);
            assertThat(text(deleted.previous())).isEqualTo("1200");
            assertThat(events.getLast().previous()).isNull();
        }
    }

    @Test
    void aCrashLosesNoDurableWriteAndNeverReusesARevision() throws Exception {
        try (SqliteStore store = open(options())) {
            Entry durable = store.put("/p/a", bytes("kept"), Store.ABSENT);
            Entry relaxed = store.put("/lease", bytes("lost"), Store.ABSENT, WriteOptions.RELAXED);
            for (int i = 0; i < 2500; i++) {
                relaxed = store.put("/lease", bytes("" + i), relaxed.modRevision(), WriteOptions.RELAXED);
            }
            try (SqliteStore after = open(crashed())) {
                assertThat(text(after.get("/p/a"))).isEqualTo("kept");
                assertThat(after.get("/p/a").modRevision()).isEqualTo(durable.modRevision());
                assertThat(after.get("/lease")).isNull();
                assertThat(after.revision()).isGreaterThanOrEqualTo(relaxed.modRevision());
                assertThat(after.put("/p/b", bytes("x"), Store.ABSENT).modRevision())
                        .isGreaterThan(relaxed.modRevision());
            }
        }
    }

    @Test
    void aCleanEndLeavesNoHoleInTheRevisions() {
        long revision;
        try (SqliteStore store = open(options())) {
            store.put("/lease", bytes("x"), Store.ABSENT, WriteOptions.RELAXED);
            revision = store.revision();
        }
        try (SqliteStore store = open(options())) {
            assertThat(store.revision()).isEqualTo(revision);
            assertThat(text(store.get("/lease"))).isEqualTo("x");
        }
    }

    @Test
    void relaxedWritesReachTheDiskByThemselves() throws Exception {
        try (SqliteStore store = open(options().relaxedFlush(Duration.ofMillis(30)))) {
            store.put("/lease", bytes("x"), Store.ABSENT, WriteOptions.RELAXED);
            long end = System.nanoTime() + 10_000_000_000L;
            while (store.stats().pendingRelaxed() > 0 && System.nanoTime() < end) {
                Thread.sleep(5);
            }
            try (SqliteStore after = open(crashed())) {
                assertThat(text(after.get("/lease"))).isEqualTo("x");
            }
        }
    }

    @Test
    void anExpiredKeyIsDeletedAndTheWatchSaysSo() throws Exception {
        try (SqliteStore store = open(options().relaxedFlush(Duration.ofMillis(50)));
                Watch watch = store.watch("/event/", 0, WatchOptions.DEFAULT)) {
            Entry event = store.put("/event/a", bytes("x"), Store.ABSENT, WriteOptions.RELAXED.ttl(1));
            Entry kept = store.put("/event/b", bytes("x"), Store.ABSENT, WriteOptions.RELAXED.ttl(1));
            store.put("/event/b", bytes("y"), kept.modRevision(), WriteOptions.RELAXED);
            assertThat(watch.take(Duration.ofSeconds(10))).isNotEmpty();
            List<WatchEvent> events = new ArrayList<>();
            long end = System.nanoTime() + 10_000_000_000L;
            while (events.stream().noneMatch(WatchEvent.Delete.class::isInstance) && System.nanoTime() < end) {
                events.addAll(watch.take(Duration.ofMillis(100)));
            }
            assertThat(events.getLast()).isInstanceOf(WatchEvent.Delete.class);
            assertThat(events.getLast().previous()).isEqualTo(event);
            assertThat(store.get("/event/b")).isNotNull();
        }
    }

    @Test
    void aTimeToLiveSurvivesARestart() throws Exception {
        try (SqliteStore store = open(options())) {
            store.put("/event/a", bytes("x"), Store.ABSENT, WriteOptions.DURABLE.ttl(1));
        }
        try (SqliteStore store = open(options().relaxedFlush(Duration.ofMillis(50)))) {
            assertThat(store.get("/event/a")).isNotNull();
            long end = System.nanoTime() + 10_000_000_000L;
            while (store.get("/event/a") != null && System.nanoTime() < end) {
                Thread.sleep(20);
            }
            assertThat(store.get("/event/a")).isNull();
        }
    }

    @Test
    @Behaviour("hot backup of SQLite")
    void aBackupMadeWhileWritersWriteOpensAndHoldsOneRevision() throws Exception {
        Path backup = directory.resolve("backups/one.db");
        try (SqliteStore store = open(options())) {
            for (int i = 0; i < 100; i++) {
                store.put("/p/" + i, bytes("before"), Store.ABSENT);
            }
            store.put("/lease", bytes("relaxed"), Store.ABSENT, WriteOptions.RELAXED);
            Thread writer = Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 200; i++) {
                    store.put("/w/" + i, bytes("x"), Store.ABSENT);
                }
            });
            store.backup(backup);
            writer.join();
            StoreException exists = catchThrowableOfType(StoreException.class, () -> store.backup(backup));
            assertThat(exists.fault()).isEqualTo(Fault.TARGET_EXISTS);
        }
        assertThat(directory.resolve("backups").toFile().list()).containsExactly("one.db");
        SqliteOptions restored = SqliteOptions.of(directory.resolve("restored"));
        Files.createDirectories(restored.directory());
        Files.copy(backup, restored.directory().resolve("state.db"));
        try (SqliteStore store = open(restored)) {
            assertThat(store.range("/p/", RangeOptions.ALL).entries()).hasSize(100);
            assertThat(text(store.get("/lease"))).isEqualTo("relaxed");
            // Writes are in order, so a snapshot has the first few without a hole.
            int count = store.range("/w/", RangeOptions.ALL).entries().size();
            for (int i = 0; i < count; i++) {
                assertThat(store.get("/w/" + i)).isNotNull();
            }
        }
    }

    @Test
    void nobodyElseMayReadTheDatastoreOrABackup() throws Exception {
        SqliteOptions deep = SqliteOptions.of(directory.resolve("a/b"));
        try (SqliteStore store = open(deep)) {
            store.put("/secret", bytes("x"), Store.ABSENT);
            store.backup(directory.resolve("backup.db"));
            for (String file : new String[] {"state.db", "state.db-wal", "state.db-shm"}) {
                assertThat(mode(deep.directory().resolve(file))).as(file).isEqualTo("rw-------");
            }
        }
        assertThat(mode(deep.directory())).isEqualTo("rwx------");
        assertThat(mode(deep.directory().getParent())).isEqualTo("rwx------");
        assertThat(mode(directory.resolve("a"))).isNotEqualTo("rwx------");
        assertThat(mode(directory.resolve("backup.db"))).isEqualTo("rw-------");
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void aStoreThatHasEndedSaysSoAndLeavesNoThread() throws Exception {
        SqliteStore store = open(options());
        store.put("/p/a", bytes("x"), Store.ABSENT);
        store.put("/p/a", bytes("y"), Store.ANY);
        store.range("/p/", RangeOptions.ALL.at(store.revision() - 1));
        Watch watch = store.watch("/", 0, WatchOptions.DEFAULT);
        store.close();
        store.close();
        assertThat(catchThrowableOfType(StoreException.class, () -> store.put("/p/b", bytes("x"), Store.ANY))
                        .fault())
                .isEqualTo(Fault.CLOSED);
        assertThat(catchThrowableOfType(StoreException.class, () -> store.get("/p/a"))
                        .fault())
                .isEqualTo(Fault.CLOSED);
        assertThat(catchThrowableOfType(RuntimeException.class, () -> watch.take(Duration.ofSeconds(10))))
                .hasMessageContaining("STORE_CLOSED");
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("kite-store-"));
    }

    @Test
    void writersThatRaceTheEndAreAnsweredEachOnce() throws Exception {
        SqliteStore store = open(options());
        List<Thread> threads = new ArrayList<>();
        for (int w = 0; w < 16; w++) {
            int writer = w;
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; ; i++) {
                        store.put("/p/" + writer, bytes("" + i), Store.ANY);
                    }
                } catch (StoreException e) {
                    assertThat(e.fault()).isEqualTo(Fault.CLOSED);
                }
            }));
        }
        Thread.sleep(50);
        store.close();
        for (Thread thread : threads) {
            thread.join(10_000);
            assertThat(thread.isAlive()).isFalse();
        }
    }
}
