package dev.kite.store.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kite.behaviour.Behaviour;
import dev.kite.store.CompactedException;
import dev.kite.store.ConflictException;
import dev.kite.store.Entry;
import dev.kite.store.FutureRevisionException;
import dev.kite.store.Range;
import dev.kite.store.RangeOptions;
import dev.kite.store.Store;
import dev.kite.store.Watch;
import dev.kite.store.WatchEvent;
import dev.kite.store.WatchOptions;
import dev.kite.store.WriteOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What every backend promises: etcd's semantics as Kubernetes relies on them. A backend's test extends this and says how to
 * open an empty store; it is in the test-jar of kite.store. Here: compaction, relaxed writes, concurrency.
 */
@Behaviour(
        "etcd's semantics (revisions, compare-and-put, range at a revision with limit and continue, watch from a revision, compaction)")
public abstract class StoreContract extends WatchContract {

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
    @Behaviour("flash worn out by several writes a second: Lease and Event writes coalesced")
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
