package dev.kite.store.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kite.store.ConflictException;
import dev.kite.store.Deleted;
import dev.kite.store.Entry;
import dev.kite.store.NotFoundException;
import dev.kite.store.Range;
import dev.kite.store.RangeOptions;
import dev.kite.store.Store;
import dev.kite.store.Watch;
import dev.kite.store.WatchEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a contract is run, and what writes promise. */
abstract class WriteContract {
    protected static final Duration SOON = Duration.ofSeconds(10);

    protected Store store;

    /** Opens an empty store. History stays for minutes; relaxed writes may be held for an hour. */
    protected abstract Store openEmpty() throws Exception;

    /** Ends the store that {@link #openEmpty} returned. */
    protected abstract void close(Store store) throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        store = openEmpty();
    }

    @AfterEach
    void closeStore() throws Exception {
        close(store);
    }

    protected static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    protected static String text(Entry entry) {
        return new String(entry.bytes(), UTF_8);
    }

    protected Entry put(String key, String value) {
        return store.put(key, bytes(value), Store.ANY);
    }

    protected static List<String> keys(Range range) {
        return range.entries().stream().map(Entry::key).toList();
    }

    /** Takes events until there are as many, for ten seconds at most. */
    protected static List<WatchEvent> take(Watch watch, int count) throws InterruptedException {
        List<WatchEvent> events = new ArrayList<>();
        long end = System.nanoTime() + SOON.toNanos();
        while (events.size() < count && System.nanoTime() < end) {
            events.addAll(watch.take(Duration.ofMillis(100)));
        }
        return events;
    }

    @Test
    void everyWriteGetsTheNextRevision() {
        long before = store.revision();
        Entry a = put("/a", "1");
        Entry b = put("/b", "1");
        Entry a2 = put("/a", "2");
        Deleted gone = store.delete("/b", Store.ANY);
        assertThat(List.of(a.modRevision(), b.modRevision(), a2.modRevision(), gone.revision()))
                .containsExactly(before + 1, before + 2, before + 3, before + 4);
        assertThat(store.revision()).isEqualTo(before + 4);
    }

    @Test
    void anUpdateKeepsTheCreateRevisionAndANewLifeHasANewOne() {
        Entry created = put("/a", "1");
        Entry updated = put("/a", "2");
        assertThat(created.createRevision()).isEqualTo(created.modRevision());
        assertThat(updated.createRevision()).isEqualTo(created.createRevision());
        store.delete("/a", Store.ANY);
        Entry again = put("/a", "3");
        assertThat(again.createRevision()).isEqualTo(again.modRevision()).isGreaterThan(updated.modRevision());
    }

    @Test
    void creatingWhatExistsConflictsAndShowsIt() {
        Entry there = store.put("/a", bytes("1"), Store.ABSENT);
        ConflictException conflict =
                catchThrowableOfType(ConflictException.class, () -> store.put("/a", bytes("2"), Store.ABSENT));
        assertThat(conflict.current()).isEqualTo(there);
        assertThat(store.get("/a")).isEqualTo(there);
        assertThat(store.revision()).isEqualTo(there.modRevision());
    }

    @Test
    void anUpdateWithAStaleRevisionConflictsAndChangesNothing() {
        Entry first = put("/a", "1");
        Entry second = store.put("/a", bytes("2"), first.modRevision());
        ConflictException conflict =
                catchThrowableOfType(ConflictException.class, () -> store.put("/a", bytes("3"), first.modRevision()));
        assertThat(conflict.current()).isEqualTo(second);
        assertThat(text(store.get("/a"))).isEqualTo("2");
    }

    @Test
    void anUpdateOfWhatIsGoneConflictsWithNothing() {
        Entry first = put("/a", "1");
        store.delete("/a", Store.ANY);
        ConflictException conflict =
                catchThrowableOfType(ConflictException.class, () -> store.put("/a", bytes("2"), first.modRevision()));
        assertThat(conflict.current()).isNull();
        assertThat(store.get("/a")).isNull();
    }

    @Test
    void aDeleteReturnsWhatItDeletedAndANewRevision() {
        Entry there = put("/a", "1");
        Deleted deleted = store.delete("/a", there.modRevision());
        assertThat(deleted.previous()).isEqualTo(there);
        assertThat(deleted.revision()).isEqualTo(there.modRevision() + 1);
        assertThat(store.get("/a")).isNull();
    }

    @Test
    void aDeleteOfNothingIsNotFound() {
        long revision = store.revision();
        NotFoundException missing =
                catchThrowableOfType(NotFoundException.class, () -> store.delete("/none", Store.ANY));
        assertThat(missing.revision()).isEqualTo(revision);
        assertThat(store.revision()).isEqualTo(revision);
    }

    @Test
    void aDeleteWithAStaleRevisionConflictsAndDeletesNothing() {
        Entry first = put("/a", "1");
        Entry second = put("/a", "2");
        ConflictException conflict =
                catchThrowableOfType(ConflictException.class, () -> store.delete("/a", first.modRevision()));
        assertThat(conflict.current()).isEqualTo(second);
        assertThat(store.get("/a")).isEqualTo(second);
    }

    @Test
    void valuesOfAnyBytesAndSizesComeBackAsTheyWere() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        byte[] large = new byte[3 << 20];
        large[large.length - 1] = 7;
        store.put("/all", all, Store.ABSENT);
        store.put("/empty", new byte[0], Store.ABSENT);
        store.put("/large", large, Store.ABSENT);
        long revision = store.revision();
        put("/later", "x");
        for (RangeOptions options : List.of(RangeOptions.ALL, RangeOptions.ALL.at(revision))) {
            List<Entry> entries = store.range("/", options).entries();
            assertThat(entries.get(0).bytes()).isEqualTo(all);
            assertThat(entries.get(1).bytes()).isEmpty();
            assertThat(entries.get(2).bytes()).isEqualTo(large);
        }
    }
}
