package dev.kite.apiserver.flowcontrol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.http.QueryParameters;
import dev.kite.api.security.UserInfo;
import dev.kite.apiserver.flowcontrol.FlowStats.Refusal;
import dev.kite.apiserver.flowcontrol.LevelSpec.Queuing;
import dev.kite.security.RequestInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Seats and queues of one level, under real threads with bounded loops. */
final class QueuesTest {
    private static final RequestInfo INFO =
            RequestInfo.of("GET", "/api/v1/namespaces/default/pods/x", QueryParameters.parse(""));
    private static final UserInfo USER = UserInfo.of("alice");

    private static Level level(int limit, Queuing queuing) {
        Level level = new Level(new LevelSpec("test", "", false, 1, 0, null, queuing), System::nanoTime);
        level.limit(limit);
        return level;
    }

    private static Seat seat(FlowStats stats, long hash, Work work) {
        return new Seat(stats, Long.toString(hash), hash, USER, INFO, work, System.nanoTime());
    }

    private static FlowStats stats() {
        return new FlowStats(new FlowMetrics(List::of, () -> 0.0), "test", "schema");
    }

    private static long soon() {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    }

    @Property(tries = 30)
    void seatsInUseNeverExceedTheLimit(
            @ForAll @IntRange(min = 1, max = 20) int limit,
            @ForAll @IntRange(min = 1, max = 8) int queues,
            @ForAll long seed)
            throws Exception {
        Level level = level(limit, new Queuing(queues, Math.min(queues, 3), 1000));
        AtomicInteger inUse = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        FlowStats stats = stats();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                Random random = new Random(seed + i);
                all.add(threads.submit(() -> {
                    for (int round = 0; round < 20; round++) {
                        int wide = 1 + random.nextInt(limit);
                        Seat seat = seat(stats, random.nextLong(), new Work(wide, 0, 0));
                        assertThat(level.enter(seat, soon(), _ -> {})).isTrue();
                        most.accumulateAndGet(inUse.addAndGet(wide), Math::max);
                        Thread.yield();
                        inUse.addAndGet(-wide);
                        level.leave(seat);
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get(60, TimeUnit.SECONDS);
            }
        }
        assertThat(most.get()).isLessThanOrEqualTo(limit);
        assertThat(level.occupancy().idle()).isTrue();
        assertThat(level.occupancy().seats()).isZero();
        assertThat(level.occupancy().waitingSeats()).isZero();
        assertThat(level.queues().picture()).isEmpty();
        assertThat(level.dispatched()).isEqualTo(800);
        assertThat(stats.executing().value()).isZero();
        assertThat(stats.executingSeats().value()).isZero();
        assertThat(stats.waiting().value()).isZero();
        assertThat(stats.waitingSeats().value()).isZero();
    }

    @Test
    void noFlowStarvesBesideOneThatAsksWithoutEnd() throws Exception {
        Level level = level(4, new Queuing(64, 6, 50));
        ConcurrentMap<Long, AtomicInteger> served = new ConcurrentHashMap<>();
        long[] flows = {1L << 40, 77L << 33, 123_456_789_012_345L};
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        CountDownLatch ready = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int client = 0; client < 104; client++) {
                // A hundred clients of one flow, two of each of two others: the others get what they can use.
                long flow = client < 100 ? flows[0] : flows[1 + (client - 100) / 2];
                threads.submit(() -> {
                    ready.await();
                    while (System.nanoTime() < end) {
                        Seat seat = seat(stats(), flow, Work.ONE);
                        if (level.enter(seat, soon(), _ -> {})) {
                            Thread.sleep(1);
                            level.leave(seat);
                            served.computeIfAbsent(flow, _ -> new AtomicInteger())
                                    .incrementAndGet();
                        }
                    }
                    return null;
                });
            }
            ready.countDown();
        }
        int greedy = served.get(flows[0]).get();
        assertThat(served.get(flows[1]).get()).as(served.toString()).isGreaterThan(greedy / 12);
        assertThat(served.get(flows[2]).get()).as(served.toString()).isGreaterThan(greedy / 12);
        assertThat(level.occupancy().idle()).isTrue();
    }

    @Test
    void aWideRequestIsNotOvertakenForEver() throws Exception {
        Level level = level(4, new Queuing(8, 1, 1000));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        AtomicInteger wide = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int client = 0; client < 16; client++) {
                int flow = client;
                threads.submit(() -> {
                    while (wide.get() < 5 && System.nanoTime() < end) {
                        Seat seat = seat(stats(), flow, flow == 0 ? new Work(4, 0, 0) : Work.ONE);
                        if (level.enter(seat, soon(), _ -> {})) {
                            Thread.sleep(1);
                            level.leave(seat);
                            wide.addAndGet(flow == 0 ? 1 : 0);
                        }
                    }
                    return null;
                });
            }
        }
        assertThat(wide.get()).isEqualTo(5);
    }

    @Test
    void aRequestWiderThanTheLimitRunsAlone() {
        Level level = level(2, new Queuing(1, 1, 10));
        Seat one = seat(stats(), 0, new Work(9, 0, 0));
        assertThat(level.enter(one, soon(), _ -> {})).isTrue();
        Seat two = seat(stats(), 0, Work.ONE);
        assertThat(level.enter(two, System.nanoTime(), _ -> {})).isFalse();
        level.leave(one);
        assertThat(level.enter(seat(stats(), 0, Work.ONE), soon(), _ -> {})).isTrue();
    }

    @Test
    void whoFindsNoSeatIsRefusedWhereNothingQueues() {
        Level level = level(1, null);
        FlowStats stats = stats();
        Seat one = seat(stats, 0, Work.ONE);
        assertThat(level.enter(one, soon(), _ -> {})).isTrue();
        assertThat(level.enter(seat(stats, 0, Work.ONE), soon(), _ -> {})).isFalse();
        assertThat(stats.refused(Refusal.CONCURRENCY_LIMIT).value()).isEqualTo(1);
        level.leave(one);
        assertThat(level.enter(seat(stats, 0, Work.ONE), soon(), _ -> {})).isTrue();
    }

    @Test
    void aFullQueueRefusesAndWhoWaitsTooLongGoes() throws Exception {
        Level level = level(1, new Queuing(1, 1, 1));
        FlowStats stats = stats();
        Seat running = seat(stats, 0, Work.ONE);
        assertThat(level.enter(running, soon(), _ -> {})).isTrue();
        Thread waiter = Thread.ofVirtual().start(() -> {
            Seat seat = seat(stats, 0, Work.ONE);
            level.enter(seat, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300), _ -> {});
        });
        while (level.occupancy().waiting() == 0 && waiter.isAlive()) {
            Thread.sleep(1);
        }
        assertThat(level.enter(seat(stats, 0, Work.ONE), soon(), _ -> {})).isFalse();
        assertThat(stats.refused(Refusal.QUEUE_FULL).value()).isEqualTo(1);
        waiter.join();
        assertThat(stats.refused(Refusal.TIME_OUT).value()).isEqualTo(1);
        assertThat(level.occupancy().waiting()).isZero();
        level.leave(running);
        assertThat(level.queues().picture()).isEmpty();
    }

    @Test
    void whoseClientGoesWaitsNoLonger() throws Exception {
        Level level = level(1, new Queuing(1, 1, 10));
        FlowStats stats = stats();
        Seat running = seat(stats, 0, Work.ONE);
        level.enter(running, soon(), _ -> {});
        Seat[] waiting = new Seat[1];
        Thread waiter = Thread.ofVirtual().start(() -> {
            Seat seat = seat(stats, 0, Work.ONE);
            level.enter(
                    seat,
                    soon(),
                    action -> Thread.ofVirtual().start(() -> {
                        waiting[0] = seat;
                        action.run();
                    }));
        });
        assertThat(waiter.join(java.time.Duration.ofSeconds(10))).isTrue();
        assertThat(waiting[0].granted()).isFalse();
        assertThat(stats.refused(Refusal.TIME_OUT).value()).isEqualTo(1);
        level.leave(running);
        assertThat(level.occupancy().seats()).isZero();
    }

    @Test
    void aHigherLimitLetsWaitersInAtOnce() throws Exception {
        Level level = level(1, new Queuing(1, 1, 10));
        level.enter(seat(stats(), 0, Work.ONE), soon(), _ -> {});
        AtomicInteger in = new AtomicInteger();
        Thread waiter = Thread.ofVirtual().start(() -> {
            if (level.enter(seat(stats(), 0, Work.ONE), soon(), _ -> {})) {
                in.incrementAndGet();
            }
        });
        while (level.occupancy().waiting() == 0 && waiter.isAlive()) {
            Thread.sleep(1);
        }
        level.limit(2);
        assertThat(waiter.join(java.time.Duration.ofSeconds(10))).isTrue();
        assertThat(in.get()).isEqualTo(1);
    }

    @Test
    void whatAWriteCausesHoldsItsSeatsForAWhile() throws Exception {
        Level level = level(10, new Queuing(1, 1, 10));
        Seat seat = seat(stats(), 0, new Work(1, 5, TimeUnit.MILLISECONDS.toNanos(100)));
        level.enter(seat, soon(), _ -> {});
        assertThat(level.occupancy().seats()).isEqualTo(5);
        level.leave(seat);
        assertThat(level.occupancy().executing()).isZero();
        assertThat(level.occupancy().seats()).isEqualTo(5);
        long until = soon();
        while (level.occupancy().seats() != 0) {
            assertThat(System.nanoTime()).isLessThan(until);
            Thread.sleep(1);
        }
        assertThat(level.measure().highest()).isEqualTo(5);
    }

    @Test
    void tenMillionQueuesCostNothingUntilTheyAreUsed() {
        Level level = level(1, new Queuing(10_000_000, 2, Integer.MAX_VALUE));
        level.enter(seat(stats(), 0, Work.ONE), soon(), _ -> {});
        Random random = new Random(1);
        for (int i = 0; i < 200; i++) {
            level.enter(seat(stats(), random.nextLong(), Work.ONE), System.nanoTime(), _ -> {});
        }
        assertThat(level.queues().picture()).isEmpty();
    }

    @Property(tries = 500)
    void handsAreOfDifferentCardsOfTheDeck(
            @ForAll @IntRange(min = 1, max = 512) int deck,
            @ForAll @IntRange(min = 1, max = 12) int hand,
            @ForAll long hash) {
        if (!Dealer.possible(deck, hand)) {
            assertThat(hand > deck || Dealer.entropy(deck, hand) > Dealer.BITS).isTrue();
            return;
        }
        int[] cards = new int[hand];
        new Dealer(deck, hand).deal(hash, cards);
        Set<Integer> different = new HashSet<>(Arrays.stream(cards).boxed().toList());
        assertThat(different).hasSize(hand).allMatch(card -> card >= 0 && card < deck);
    }

    @Test
    void eachHandIsAsLikelyAsAnother() {
        int[] counts = new int[4 * 3];
        Dealer dealer = new Dealer(4, 2);
        int[] cards = new int[2];
        for (int hash = 0; hash < 12; hash++) {
            dealer.deal(hash, cards);
            counts[cards[0] * 3 + (cards[1] > cards[0] ? cards[1] - 1 : cards[1])]++;
        }
        assertThat(counts).containsOnly(1);
    }
}
