package dev.kite.store.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kite.store.CompactedException;
import dev.kite.store.ConflictException;
import dev.kite.store.Deleted;
import dev.kite.store.Entry;
import dev.kite.store.FutureRevisionException;
import dev.kite.store.NotFoundException;
import dev.kite.store.Range;
import dev.kite.store.RangeOptions;
import dev.kite.store.Store;
import dev.kite.store.Watch;
import dev.kite.store.WatchClosedException;
import dev.kite.store.WatchEvent;
import dev.kite.store.WatchOptions;
import dev.kite.store.WriteOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every backend promises: etcd's semantics as Kubernetes relies on them. A backend's test extends this and says how to
 * open an empty store; this class is in the test-jar of kite.store.
 */
public abstract class StoreContract {
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

    // ---- writes

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

    // ---- ranges

    @Test
    void aRangeHoldsThePrefixAndNothingElseInOrder() {
        for (String key : List.of("/b/2", "/a", "/b", "/b/10", "/b/1", "/c", "/b0")) {
            put(key, "x");
        }
        assertThat(keys(store.range("/b/", RangeOptions.ALL))).containsExactly("/b/1", "/b/10", "/b/2");
        assertThat(keys(store.range("", RangeOptions.ALL)))
                .containsExactly("/a", "/b", "/b/1", "/b/10", "/b/2", "/b0", "/c");
        assertThat(keys(store.range("/none/", RangeOptions.ALL))).isEmpty();
    }

    @Test
    void aLimitedRangeSaysHowManyFollowAndContinuesWithoutGapOrRepeat() {
        for (int i = 0; i < 25; i++) {
            put("/p/%02d".formatted(i), "x");
        }
        List<String> seen = new ArrayList<>();
        RangeOptions options = RangeOptions.ALL.limit(10);
        Range page = store.range("/p/", options);
        assertThat(page.more()).isTrue();
        assertThat(page.remaining()).isEqualTo(15);
        while (true) {
            seen.addAll(keys(page));
            if (!page.more()) {
                break;
            }
            page = store.range("/p/", options.at(page.revision()).after(seen.getLast()));
        }
        assertThat(page.remaining()).isZero();
        assertThat(seen).hasSize(25).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aContinuedRangeReadsItsOwnRevision() {
        for (int i = 0; i < 10; i++) {
            put("/p/" + i, "old");
        }
        Range first = store.range("/p/", RangeOptions.ALL.limit(4));
        put("/p/5", "new");
        store.delete("/p/6", Store.ANY);
        put("/p/55", "new");
        Range second = store.range(
                "/p/", RangeOptions.ALL.limit(4).at(first.revision()).after("/p/3"));
        assertThat(keys(second)).containsExactly("/p/4", "/p/5", "/p/6", "/p/7");
        assertThat(second.entries()).allMatch(entry -> text(entry).equals("old"));
        assertThat(second.revision()).isEqualTo(first.revision());
        assertThat(second.remaining()).isEqualTo(2);
    }

    @Test
    void aRangeCanStartAtAKeyThatDoesNotExist() {
        put("/p/1", "x");
        put("/p/3", "x");
        for (RangeOptions options : List.of(RangeOptions.ALL, RangeOptions.ALL.at(store.revision()))) {
            assertThat(keys(store.range("/p/", options.from("/p/1")))).containsExactly("/p/1", "/p/3");
            assertThat(keys(store.range("/p/", options.after("/p/1")))).containsExactly("/p/3");
            assertThat(keys(store.range("/p/", options.from("/p/2")))).containsExactly("/p/3");
            assertThat(keys(store.range("/p/", options.from("/a")))).containsExactly("/p/1", "/p/3");
            put("/other", "moves the revision on");
        }
    }

    @Test
    void aRangeAtAnOldRevisionShowsThatRevision() {
        Entry a1 = put("/p/a", "1");
        Entry b1 = put("/p/b", "1");
        Entry a2 = put("/p/a", "2");
        store.delete("/p/b", Store.ANY);
        long gone = store.revision();
        put("/p/b", "again");

        assertThat(texts(a1.modRevision())).containsExactly("/p/a=1");
        assertThat(texts(b1.modRevision())).containsExactly("/p/a=1", "/p/b=1");
        assertThat(texts(a2.modRevision())).containsExactly("/p/a=2", "/p/b=1");
        assertThat(texts(gone)).containsExactly("/p/a=2");
        assertThat(texts(store.revision())).containsExactly("/p/a=2", "/p/b=again");
        Entry old = store.range("/p/", RangeOptions.ALL.at(a2.modRevision()))
                .entries()
                .getFirst();
        assertThat(old.createRevision()).isEqualTo(a1.modRevision());
        assertThat(old.modRevision()).isEqualTo(a2.modRevision());
    }

    private List<String> texts(long revision) {
        return store.range("/p/", RangeOptions.ALL.at(revision)).entries().stream()
                .map(entry -> entry.key() + "=" + text(entry))
                .toList();
    }

    @Test
    void aLimitedRangeAtAnOldRevisionContinues() {
        for (int i = 0; i < 7; i++) {
            put("/p/" + i, "x");
        }
        long revision = store.revision();
        for (int i = 0; i < 7; i++) {
            put("/p/" + i, "y");
        }
        put("/p/9", "y");
        Range first = store.range("/p/", RangeOptions.ALL.limit(3).at(revision));
        assertThat(keys(first)).containsExactly("/p/0", "/p/1", "/p/2");
        assertThat(first.more()).isTrue();
        assertThat(first.remaining()).isEqualTo(4);
        Range rest = store.range("/p/", RangeOptions.ALL.limit(4).at(revision).after("/p/2"));
        assertThat(keys(rest)).containsExactly("/p/3", "/p/4", "/p/5", "/p/6");
        assertThat(rest.more()).isFalse();
        assertThat(rest.entries()).allMatch(entry -> text(entry).equals("x"));
    }

    @Test
    void aRangeInTheFutureIsRefused() {
        long revision = store.revision();
        FutureRevisionException refused = catchThrowableOfType(
                FutureRevisionException.class, () -> store.range("/", RangeOptions.ALL.at(revision + 1)));
        assertThat(refused.revision()).isEqualTo(revision);
    }

    // ---- watches

    @Test
    void aWatchSeesEveryChangeUnderItsPrefixInOrder() throws Exception {
        try (Watch watch = store.watch("/p/", 0, WatchOptions.DEFAULT)) {
            Entry created = put("/p/a", "1");
            put("/q/a", "1");
            Entry updated = put("/p/a", "2");
            Deleted deleted = store.delete("/p/a", Store.ANY);
            assertThat(take(watch, 3))
                    .containsExactly(
                            new WatchEvent.Put(created, null),
                            new WatchEvent.Put(updated, created),
                            new WatchEvent.Delete(updated, deleted.revision()));
        }
    }

    @Test
    void aWatchFromAnOldRevisionStartsBehindIt() throws Exception {
        put("/p/a", "1");
        Entry second = put("/p/a", "2");
        Entry third = put("/p/a", "3");
        try (Watch watch = store.watch("/p/", second.modRevision(), WatchOptions.DEFAULT)) {
            Entry fourth = put("/p/a", "4");
            assertThat(take(watch, 2))
                    .containsExactly(new WatchEvent.Put(third, second), new WatchEvent.Put(fourth, third));
        }
    }

    @Test
    void aWatchThatFollowsAListMissesNothingAndRepeatsNothing() throws Exception {
        int writers = 4;
        int each = 100;
        List<Thread> threads = new ArrayList<>();
        for (int w = 0; w < writers; w++) {
            int writer = w;
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < each; i++) {
                    put("/p/" + writer + "/" + i, "x");
                }
            }));
        }
        Range list = store.range("/p/", RangeOptions.ALL);
        List<String> seen = new ArrayList<>(keys(list));
        try (Watch watch = store.watch("/p/", list.revision(), WatchOptions.DEFAULT)) {
            take(watch, writers * each - seen.size()).forEach(event -> {
                assertThat(event.revision()).isGreaterThan(list.revision());
                seen.add(event.key());
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(seen).hasSize(writers * each).doesNotHaveDuplicates();
    }

    @Test
    void aWatchEventIsNeverAheadOfReads() throws Exception {
        try (Watch watch = store.watch("/p/", 0, WatchOptions.DEFAULT)) {
            Thread writer = Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 300; i++) {
                    put("/p/a", "" + i);
                }
            });
            for (WatchEvent event : take(watch, 300)) {
                assertThat(store.get("/p/a").modRevision()).isGreaterThanOrEqualTo(event.revision());
                assertThat(store.revision()).isGreaterThanOrEqualTo(event.revision());
            }
            writer.join();
        }
    }

    @Test
    void aWatchOfOneKeySeesThatKeyOnly() throws Exception {
        try (Watch watch = store.watch("/p/a", 0, WatchOptions.DEFAULT)) {
            put("/p/b", "x");
            put("/p", "x");
            Entry wanted = put("/p/a", "x");
            assertThat(take(watch, 1)).containsExactly(new WatchEvent.Put(wanted, null));
        }
    }

    @Test
    void aWatchFromTheFutureLeavesOutWhatComesBefore() throws Exception {
        long revision = store.revision();
        try (Watch watch = store.watch("/p/", revision + 2, WatchOptions.DEFAULT)) {
            put("/p/a", "1");
            put("/p/a", "2");
            Entry third = put("/p/a", "3");
            assertThat(take(watch, 1)).extracting(WatchEvent::revision).containsExactly(third.modRevision());
        }
    }

    @Test
    void progressFollowsTheStoreWhereNothingMatches() throws Exception {
        try (Watch watch = store.watch("/p/", 0, WatchOptions.DEFAULT)) {
            Entry mine = put("/p/a", "1");
            put("/q/a", "1");
            long newest = put("/q/a", "2").modRevision();
            assertThat(watch.progress()).isLessThan(mine.modRevision());
            take(watch, 1);
            assertThat(watch.take(Duration.ofMillis(1))).isEmpty();
            assertThat(watch.progress()).isEqualTo(newest);
        }
    }

    @Test
    void aWatchWithNothingToSayReturnsAfterItsTime() throws Exception {
        try (Watch watch = store.watch("/p/", 0, WatchOptions.DEFAULT)) {
            assertThat(watch.take(Duration.ofMillis(20))).isEmpty();
        }
    }

    @Test
    void aSlowWatchIsClosedWithItsReasonAndTheOthersGoOn() throws Exception {
        try (Watch slow = store.watch("/p/", 0, new WatchOptions(5, 1 << 20, 256));
                Watch other = store.watch("/p/", 0, WatchOptions.DEFAULT)) {
            for (int i = 0; i < 10; i++) {
                put("/p/a", "" + i);
            }
            assertThat(take(slow, 5)).hasSize(5);
            WatchClosedException closed =
                    catchThrowableOfType(WatchClosedException.class, () -> slow.take(Duration.ofSeconds(1)));
            assertThat(closed.reason()).isEqualTo(WatchClosedException.Reason.TOO_SLOW);
            assertThat(take(other, 10)).hasSize(10);
            assertThat(store.stats().slowWatches()).isEqualTo(1);
        }
    }

    @Test
    void aWatchIsBoundedInBytesToo() throws Exception {
        try (Watch slow = store.watch("/p/", 0, new WatchOptions(1000, 100_000, 256))) {
            for (int i = 0; i < 10; i++) {
                store.put("/p/a", new byte[40_000], Store.ANY);
            }
            assertThat(take(slow, 2)).hasSize(2);
            WatchClosedException closed =
                    catchThrowableOfType(WatchClosedException.class, () -> slow.take(Duration.ofSeconds(1)));
            assertThat(closed.reason()).isEqualTo(WatchClosedException.Reason.TOO_SLOW);
        }
    }

    @Test
    void aClosedWatchEndsItsWaitingConsumer() throws Exception {
        Watch watch = store.watch("/p/", 0, WatchOptions.DEFAULT);
        Thread closer = Thread.ofVirtual().start(watch::close);
        WatchClosedException closed = catchThrowableOfType(WatchClosedException.class, () -> watch.take(SOON));
        assertThat(closed.reason()).isEqualTo(WatchClosedException.Reason.CLOSED);
        closer.join();
        assertThat(store.stats().watches()).isZero();
    }

    // ---- compaction

    @Test
    void readsBelowTheCompactedRevisionAreGoneAndThoseAtItAreNot() {
        Entry first = put("/p/a", "1");
        Entry second = put("/p/a", "2");
        put("/p/b", "1");
        store.compact(second.modRevision());
        assertThat(store.compactRevision()).isEqualTo(second.modRevision());
        assertThat(texts(second.modRevision())).containsExactly("/p/a=2");
        CompactedException gone = catchThrowableOfType(
                CompactedException.class, () -> store.range("/p/", RangeOptions.ALL.at(first.modRevision())));
        assertThat(gone.compactRevision()).isEqualTo(second.modRevision());
    }

    @Test
    void aWatchFromBelowTheCompactedRevisionIsGoneAndOneFromItIsNot() throws Exception {
        Entry first = put("/p/a", "1");
        Entry second = put("/p/a", "2");
        Entry third = put("/p/a", "3");
        store.compact(second.modRevision());
        assertThat(catchThrowableOfType(
                        CompactedException.class, () -> store.watch("/p/", first.modRevision(), WatchOptions.DEFAULT)))
                .isNotNull();
        try (Watch watch = store.watch("/p/", second.modRevision(), WatchOptions.DEFAULT)) {
            assertThat(take(watch, 1)).containsExactly(new WatchEvent.Put(third, second));
        }
    }

    @Test
    void compactionKeepsWhatIsThereAndAllowsNewLives() {
        put("/p/a", "1");
        put("/p/b", "1");
        put("/p/a", "2");
        store.delete("/p/b", Store.ANY);
        store.compact(store.revision());
        assertThat(texts(store.revision())).containsExactly("/p/a=2");
        store.put("/p/b", bytes("2"), Store.ABSENT);
        store.delete("/p/b", Store.ANY);
        store.put("/p/b", bytes("3"), Store.ABSENT);
        put("/p/c", "moves on");
        assertThat(texts(store.revision() - 1)).containsExactly("/p/a=2", "/p/b=3");
    }

    @Test
    void compactingTwiceOrTheFutureIsRefused() {
        Entry entry = put("/p/a", "1");
        store.compact(entry.modRevision());
        assertThat(catchThrowableOfType(CompactedException.class, () -> store.compact(entry.modRevision())))
                .isNotNull();
        assertThat(catchThrowableOfType(FutureRevisionException.class, () -> store.compact(store.revision() + 1)))
                .isNotNull();
    }

    // ---- relaxed writes

    @Test
    void aRelaxedWriteIsSeenAtOnceByReadsAndWatches() throws Exception {
        try (Watch watch = store.watch("/lease/", 0, WatchOptions.DEFAULT)) {
            Entry lease = store.put("/lease/n", bytes("1"), Store.ABSENT, WriteOptions.RELAXED);
            assertThat(store.get("/lease/n")).isEqualTo(lease);
            assertThat(store.stats().pendingRelaxed()).isEqualTo(1);
            Entry renewed = store.put("/lease/n", bytes("2"), lease.modRevision(), WriteOptions.RELAXED);
            assertThat(take(watch, 2))
                    .containsExactly(new WatchEvent.Put(lease, null), new WatchEvent.Put(renewed, lease));
        }
    }

    @Test
    void relaxedAndDurableWritesOfOneKeyFollowEachOther() {
        Entry relaxed = store.put("/p/a", bytes("1"), Store.ABSENT, WriteOptions.RELAXED);
        Entry durable = store.put("/p/a", bytes("2"), relaxed.modRevision());
        store.delete("/p/a", durable.modRevision(), WriteOptions.RELAXED);
        Entry again = store.put("/p/a", bytes("3"), Store.ABSENT);
        put("/q", "moves on");
        assertThat(texts(relaxed.modRevision())).containsExactly("/p/a=1");
        assertThat(texts(durable.modRevision())).containsExactly("/p/a=2");
        assertThat(texts(durable.modRevision() + 1)).isEmpty();
        assertThat(texts(again.modRevision())).containsExactly("/p/a=3");
    }

    @Test
    void renewalsWithinTheFlushCostOneRow() {
        Entry lease = store.put("/lease/n", bytes("0"), Store.ABSENT, WriteOptions.RELAXED);
        for (int i = 1; i <= 50; i++) {
            lease = store.put("/lease/n", bytes("" + i), lease.modRevision(), WriteOptions.RELAXED);
        }
        assertThat(store.stats().pendingRelaxed()).isEqualTo(2);
        long commits = store.stats().commits();
        store.flush();
        assertThat(store.stats().pendingRelaxed()).isZero();
        assertThat(store.stats().commits()).isLessThanOrEqualTo(commits + 1);
        assertThat(text(store.get("/lease/n"))).isEqualTo("50");
    }

    // ---- concurrency

    @Test
    void oneOfManyConcurrentCreatorsWins() throws Exception {
        List<Thread> threads = new ArrayList<>();
        List<Long> won = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 32; i++) {
            String value = "" + i;
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    won.add(store.put("/p/a", bytes(value), Store.ABSENT).modRevision());
                } catch (ConflictException e) {
                    assertThat(e.current()).isNotNull();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(won).hasSize(1);
        assertThat(store.get("/p/a").modRevision()).isEqualTo(won.getFirst());
    }

    @Test
    void compareAndPutLosesNoIncrement() throws Exception {
        put("/counter", "0");
        int writers = 8;
        int each = 25;
        List<Thread> threads = new ArrayList<>();
        for (int w = 0; w < writers; w++) {
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < each; i++) {
                    increment();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(text(store.get("/counter"))).isEqualTo("" + writers * each);
    }

    private void increment() {
        Entry seen = store.get("/counter");
        while (true) {
            try {
                byte[] next = bytes("" + (Integer.parseInt(text(seen)) + 1));
                store.put("/counter", next, seen.modRevision());
                return;
            } catch (ConflictException e) {
                seen = e.current();
            }
        }
    }

    @Test
    void aRangeIsASnapshotOfOneRevisionWhileWritersWrite() throws Exception {
        put("/pair/a", "0");
        put("/pair/b", "0");
        // a is written before b, always to the next number: a snapshot shows equal numbers or a one ahead.
        Thread writer = Thread.ofVirtual().start(() -> {
            for (int i = 1; i <= 200; i++) {
                put("/pair/a", "" + i);
                put("/pair/b", "" + i);
            }
        });
        while (writer.isAlive()) {
            Range range = store.range("/pair/", RangeOptions.ALL);
            int a = Integer.parseInt(text(range.entries().get(0)));
            int b = Integer.parseInt(text(range.entries().get(1)));
            assertThat(a - b).isBetween(0, 1);
            assertThat(range.entries()).allMatch(entry -> entry.modRevision() <= range.revision());
        }
        writer.join();
    }

    @Test
    void eventsOfConcurrentWritersAreInOrderWithoutGaps() throws Exception {
        long before = store.revision();
        try (Watch watch = store.watch("", 0, WatchOptions.DEFAULT)) {
            List<Thread> threads = new ArrayList<>();
            for (int w = 0; w < 16; w++) {
                int writer = w;
                WriteOptions options = w % 2 == 0 ? WriteOptions.DURABLE : WriteOptions.RELAXED;
                threads.add(Thread.ofVirtual().start(() -> {
                    for (int i = 0; i < 20; i++) {
                        store.put("/p/" + writer, bytes("" + i), Store.ANY, options);
                    }
                }));
            }
            List<WatchEvent> events = take(watch, 320);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(events).hasSize(320);
            for (int i = 0; i < events.size(); i++) {
                assertThat(events.get(i).revision()).isEqualTo(before + 1 + i);
            }
        }
    }
}
