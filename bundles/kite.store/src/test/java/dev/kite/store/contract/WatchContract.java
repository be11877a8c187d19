package dev.kite.store.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kite.store.Deleted;
import dev.kite.store.Entry;
import dev.kite.store.Range;
import dev.kite.store.RangeOptions;
import dev.kite.store.Store;
import dev.kite.store.Watch;
import dev.kite.store.WatchClosedException;
import dev.kite.store.WatchEvent;
import dev.kite.store.WatchOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What watches promise. */
abstract class WatchContract extends RangeContract {

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
}
