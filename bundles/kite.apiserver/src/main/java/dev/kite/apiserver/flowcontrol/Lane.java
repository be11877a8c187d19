package dev.kite.apiserver.flowcontrol;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One queue, while something waits or runs in it. Guarded by the queues' lock. */
final class Lane {
    private final int index;
    private final LinkedHashSet<Seat> waiting = new LinkedHashSet<>();
    private long waitingWork;
    private int waitingInitial;
    private int waitingSeats;

    /** The virtual time at which its next request starts. */
    long next;

    /** The virtual time at which that would end, as it was when the lane was put in its place among the others. */
    long finish;

    /** When it had its last turn; of two with one finish, the one that waited longer is next. */
    long turn;

    int executing;
    int seats;

    Lane(int index) {
        this.index = index;
    }

    int index() {
        return index;
    }

    boolean idle() {
        return waiting.isEmpty() && executing == 0;
    }

    int length() {
        return waiting.size();
    }

    long waitingWork() {
        return waitingWork;
    }

    int waitingInitial() {
        return waitingInitial;
    }

    int waitingSeats() {
        return waitingSeats;
    }

    Set<Seat> waiting() {
        return waiting;
    }

    @Nullable
    Seat head() {
        return waiting.isEmpty() ? null : waiting.getFirst();
    }

    void add(Seat seat) {
        waiting.add(seat);
        count(seat, 1);
    }

    boolean remove(Seat seat) {
        boolean there = waiting.remove(seat);
        if (there) {
            count(seat, -1);
        }
        return there;
    }

    private void count(Seat seat, int sign) {
        Work work = seat.work();
        waitingWork += sign * work.total();
        waitingInitial += sign * work.initial();
        waitingSeats += sign * work.seats();
    }

    /** Nothing starts before it came. */
    void bound() {
        Seat head = head();
        if (head != null && next - head.arrivedVirtually < 0) {
            next = head.arrivedVirtually;
        }
    }
}
