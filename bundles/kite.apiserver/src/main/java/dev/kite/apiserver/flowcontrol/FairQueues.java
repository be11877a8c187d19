package dev.kite.apiserver.flowcontrol;

import dev.kite.apiserver.flowcontrol.FlowStats.Refusal;
import dev.kite.apiserver.flowcontrol.LevelSpec.Queuing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * A priority level's queues: who waits, and who is next. Fair queuing by virtual time: each queue is served as if all that have something waiting were served
 * at once in equal parts; the request that would end first that way is next, and none overtakes it, however few seats it leaves unused until it fits.
 *
 * <p>Virtual times are compared by their difference, so that they may run over. Queues are there only while something waits or runs in them: a level may have
 * ten million. Requests that found seats at once never come here. Thread-safe by one lock, under which nothing blocks.
 */
final class FairQueues {
    /** The first is next. */
    private static final Comparator<Lane> NEXT = Comparator.<Lane>comparingLong(lane -> lane.turn);

    private final Level level;
    private final LongSupplier clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Integer, Lane> lanes = new HashMap<>();
    private final TreeSet<Lane> order = new TreeSet<>(FairQueues::compare);
    private Dealer dealer = new Dealer(1, 1);
    private int lengthLimit = 1;
    private int[] hand = new int[1];
    private long virtual;
    private long measured;
    private long enqueued;
    private long turns;

    FairQueues(Level level, LongSupplier clock) {
        this.level = level;
        this.clock = clock;
        this.measured = clock.getAsLong();
    }

    private static int compare(Lane one, Lane other) {
        int byFinish = Long.signum(one.finish - other.finish);
        return byFinish != 0 ? byFinish : NEXT.compare(one, other);
    }

    void configure(Queuing queuing) {
        lock.lock();
        try {
            dealer = new Dealer(queuing.queues(), queuing.handSize());
            hand = new int[queuing.handSize()];
            lengthLimit = queuing.lengthLimit();
        } finally {
            lock.unlock();
        }
    }

    /** Puts a request into its flow's shortest queue, and serves whoever is next. False if that queue is full. */
    boolean enter(Seat seat) {
        lock.lock();
        try {
            advance();
            int index = shortest(seat.hash());
            Lane lane = lanes.get(index);
            Occupancy now = level.occupancy();
            if (lane != null && now.seats() >= level.limit() && lane.length() >= lengthLimit) {
                level.refuse(seat.stats(), Refusal.QUEUE_FULL);
                return false;
            }
            enqueue(seat, lane == null ? open(index) : lane);
            serve();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private Lane open(int index) {
        Lane lane = new Lane(index);
        lane.next = virtual;
        lane.turn = ++turns;
        lanes.put(index, lane);
        return lane;
    }

    private void enqueue(Seat seat, Lane lane) {
        seat.lane = lane;
        seat.arrivedVirtually = virtual;
        order.remove(lane);
        lane.add(seat);
        line(lane);
        Work work = seat.work();
        level.waits(1, work.seats());
        seat.stats().waiting().increment();
        seat.stats().waitingSeats().add(work.seats());
        seat.stats().queueLength().record(lane.length());
    }

    private int shortest(long hash) {
        dealer.deal(hash, hand);
        int offset = (int) (enqueued++ % hand.length);
        int best = -1;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < hand.length; i++) {
            int index = hand[(offset + i) % hand.length];
            Lane lane = lanes.get(index);
            long work = lane == null ? 0 : lane.waitingWork();
            if (work < least) {
                least = work;
                best = index;
            }
        }
        return best;
    }

    /** Puts a queue that is not among the others in its place there, if it has something waiting; forgets it if it is of no more use. */
    private void line(Lane lane) {
        lane.bound();
        Seat head = lane.head();
        if (head != null) {
            lane.finish = lane.next + head.work().total();
            order.add(lane);
        } else if (lane.idle()) {
            lanes.remove(lane.index(), lane);
        }
    }

    void dispatch() {
        lock.lock();
        try {
            advance();
            serve();
        } finally {
            lock.unlock();
        }
    }

    private void serve() {
        while (!order.isEmpty()) {
            Lane lane = order.first();
            Seat seat = lane.head();
            if (seat == null) {
                throw new IllegalStateException("an empty queue was in line");
            }
            int seats = seat.work().seats();
            if (!level.takeWaiting(seats)) {
                if (level.occupancy().seats() < level.limit()) {
                    seat.stats().noRoom().increment();
                }
                return;
            }
            order.remove(lane);
            start(lane, seat);
            line(lane);
        }
    }

    private void start(Lane lane, Seat seat) {
        Work work = seat.work();
        lane.remove(seat);
        lane.executing++;
        lane.seats += work.seats();
        lane.next += work.total();
        lane.turn = ++turns;
        waitsNoMore(seat);
        level.runs(seat.stats(), work);
        seat.grant(clock.getAsLong());
    }

    private static void waitsNoMore(Seat seat) {
        seat.stats().waiting().decrement();
        seat.stats().waitingSeats().add(-seat.work().seats());
    }

    /** Takes a request out that still waits; it has waited long enough, or its client went. */
    void leave(Seat seat) {
        if (!seat.waits()) {
            return;
        }
        lock.lock();
        try {
            Lane lane = seat.lane;
            if (!seat.waits() || lane == null) {
                return;
            }
            advance();
            order.remove(lane);
            lane.remove(seat);
            seat.gone();
            line(lane);
            level.waits(-1, -seat.work().seats());
            waitsNoMore(seat);
            level.refuse(seat.stats(), Refusal.TIME_OUT);
            // It may have been the wide one that nobody was let past.
            serve();
        } finally {
            lock.unlock();
        }
    }

    /** A request has ended whose seats are not free yet. */
    void ended(Seat seat) {
        if (seat.lane == null) {
            return;
        }
        lock.lock();
        try {
            advance();
            account(seat);
        } finally {
            lock.unlock();
        }
    }

    /** A request's seats are free. */
    void freed(Seat seat) {
        lock.lock();
        try {
            advance();
            Lane lane = seat.lane;
            if (lane != null) {
                lane.seats -= seat.work().seats();
                if (seat.work().lastNanos() <= 0) {
                    account(seat);
                }
            }
            serve();
        } finally {
            lock.unlock();
        }
    }

    /** What a request was guessed to take is replaced by what it took. */
    private void account(Seat seat) {
        Lane lane = seat.lane;
        if (lane == null) {
            return;
        }
        order.remove(lane);
        lane.executing--;
        lane.next += Work.units(seat.work().initial(), clock.getAsLong() - seat.started() - Work.GUESS_NANOS);
        line(lane);
    }

    private void advance() {
        long now = clock.getAsLong();
        if (!lanes.isEmpty()) {
            virtual += Work.units(level.busy() / lanes.size(), now - measured);
        }
        measured = now;
    }

    /** What a queue holds, for people. */
    record Picture(
            int index,
            List<Seat> waiting,
            int executing,
            int seats,
            long next,
            int waitingInitial,
            int waitingSeats,
            long waitingWork) {}

    /** What is in the queues that hold something, by index. */
    List<Picture> picture() {
        List<Picture> all = new ArrayList<>();
        lock.lock();
        try {
            for (Lane lane : lanes.values()) {
                all.add(new Picture(
                        lane.index(),
                        List.copyOf(lane.waiting()),
                        lane.executing,
                        lane.seats,
                        lane.next,
                        lane.waitingInitial(),
                        lane.waitingSeats(),
                        lane.waitingWork()));
            }
        } finally {
            lock.unlock();
        }
        all.sort(Comparator.comparingInt(Picture::index));
        return all;
    }

    /** @return the virtual time */
    long virtual() {
        lock.lock();
        try {
            return virtual;
        } finally {
            lock.unlock();
        }
    }
}
