package dev.kite.apiserver.flowcontrol;

import dev.kite.apiserver.flowcontrol.FlowStats.Refusal;
import dev.kite.apiserver.flowcontrol.LevelSpec.Queuing;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A priority level at work. As long as nobody waits, seats are taken and given back by one compare-and-set; only who finds none takes a lock. Thread-safe.
 */
final class Level {
    private final String name;
    private final LongSupplier clock;
    private final AtomicReference<Occupancy> state;
    private final FairQueues queues;
    private final LongAdder dispatched = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder cancelled = new LongAdder();
    private volatile LevelSpec spec;
    private volatile int limit;
    private volatile boolean quiescing;

    Level(LevelSpec spec, LongSupplier clock) {
        this.name = spec.name();
        this.clock = clock;
        this.spec = spec;
        this.state = new AtomicReference<>(Occupancy.none(clock.getAsLong()));
        this.queues = new FairQueues(this, clock);
        configure(spec);
    }

    String name() {
        return name;
    }

    LevelSpec spec() {
        return spec;
    }

    FairQueues queues() {
        return queues;
    }

    Occupancy occupancy() {
        return Objects.requireNonNull(state.get());
    }

    int limit() {
        return limit;
    }

    boolean quiescing() {
        return quiescing;
    }

    long dispatched() {
        return dispatched.sum();
    }

    long refused() {
        return refused.sum();
    }

    /** Those of the refused that waited in vain. */
    long cancelled() {
        return cancelled.sum();
    }

    /** It is as configured from now on; who waits in a queue that is no more is still served. */
    void configure(LevelSpec to) {
        spec = to;
        quiescing = false;
        if (to.queuing() != null) {
            queues.configure(to.queuing());
        }
    }

    /** Its object is gone: nobody comes any more, who is here is still served. */
    void quiesce() {
        quiescing = true;
    }

    void limit(int seats) {
        limit = seats;
        if (occupancy().waiting() > 0) {
            queues.dispatch();
        }
    }

    /** What was demanded since this was last asked. */
    Occupancy measure() {
        while (true) {
            Occupancy now = occupancy();
            long time = clock.getAsLong();
            if (state.compareAndSet(now, now.anew(time))) {
                return now.until(time);
            }
        }
    }

    /**
     * Gets a request its seats, waiting for them if the level has queues.
     *
     * @param seat the request
     * @param deadline until when it may wait, as of the clock
     * @param onClose takes what is to be done when its client goes; asked only if the request has to wait
     * @return whether it has them; they are to be given back by {@link #leave}
     */
    boolean enter(Seat seat, long deadline, Consumer<Runnable> onClose) {
        Queuing queuing = spec.queuing();
        FlowStats stats = seat.stats();
        if (take(seat.work().seats(), queuing != null)) {
            seat.grant(clock.getAsLong());
            runs(stats, seat.work());
        } else if (queuing == null) {
            refuse(stats, Refusal.CONCURRENCY_LIMIT);
        } else if (queues.enter(seat)) {
            onClose.accept(seat::cancel);
            seat.await(deadline);
            queues.leave(seat);
        }
        return seat.granted();
    }

    private boolean take(int seats, boolean queuing) {
        boolean exempt = spec.exempt();
        while (true) {
            Occupancy now = occupancy();
            int bound = limit;
            boolean free = exempt
                    || (now.accommodates(seats, bound) && (!queuing || (now.waiting() == 0 && now.seats() < bound)));
            if (!free) {
                return false;
            }
            Occupancy next = now.then(
                    now.executing() + 1, now.seats() + seats, now.waiting(), now.waitingSeats(), clock.getAsLong());
            if (state.compareAndSet(now, next)) {
                return true;
            }
        }
    }

    /** Takes a waiting request's seats, if they are free. The queues' lock is held. */
    boolean takeWaiting(int seats) {
        while (true) {
            Occupancy now = occupancy();
            int bound = limit;
            if (now.seats() >= bound || !now.accommodates(seats, bound)) {
                return false;
            }
            Occupancy next = now.then(
                    now.executing() + 1,
                    now.seats() + seats,
                    now.waiting() - 1,
                    now.waitingSeats() - seats,
                    clock.getAsLong());
            if (state.compareAndSet(now, next)) {
                return true;
            }
        }
    }

    /** One more or less waits. The queues' lock is held. */
    void waits(int requests, int seats) {
        change(0, 0, requests, seats);
    }

    private Occupancy change(int executing, int seats, int waiting, int waitingSeats) {
        while (true) {
            Occupancy now = occupancy();
            Occupancy next = now.then(
                    now.executing() + executing,
                    now.seats() + seats,
                    now.waiting() + waiting,
                    now.waitingSeats() + waitingSeats,
                    clock.getAsLong());
            if (state.compareAndSet(now, next)) {
                return next;
            }
        }
    }

    void runs(FlowStats stats, Work work) {
        dispatched.increment();
        stats.dispatched().increment();
        stats.executing().increment();
        stats.executingSeats().add(work.seats());
    }

    void refuse(FlowStats stats, Refusal why) {
        refused.increment();
        if (why == Refusal.TIME_OUT) {
            cancelled.increment();
        }
        stats.refused(why).increment();
    }

    /**
     * Gives a request's seats back; those that its consequences still need, later.
     *
     * @param seat what {@link #enter} said yes to
     */
    void leave(Seat seat) {
        Work work = seat.work();
        seat.stats().executing().decrement();
        if (work.lastNanos() <= 0) {
            free(seat, change(-1, -work.seats(), 0, 0));
            return;
        }
        change(-1, 0, 0, 0);
        queues.ended(seat);
        Thread.ofVirtual().name("events of a write").start(() -> {
            sleep(work.lastNanos());
            free(seat, change(0, -work.seats(), 0, 0));
        });
    }

    private static void sleep(long nanos) {
        try {
            Thread.sleep(nanos / 1_000_000, (int) (nanos % 1_000_000));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void free(Seat seat, Occupancy after) {
        Work work = seat.work();
        seat.stats().executingSeats().add(-work.seats());
        if (seat.lane != null || after.waiting() > 0) {
            queues.freed(seat);
        }
    }

    /** The virtual time's speed: the seats that are used or wanted, within the limit. */
    double busy() {
        return Math.min(occupancy().demand(), limit);
    }
}
