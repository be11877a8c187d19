package dev.kite.apiserver.flowcontrol;

import dev.kite.api.security.UserInfo;
import dev.kite.security.RequestInfo;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One request at its priority level: it wants seats, waits for them, has them. The thread that serves the request owns it; what is volatile others may touch. */
final class Seat {
    private enum State {
        WAITING,
        GRANTED,
        GONE
    }

    private final FlowStats stats;
    private final String flow;
    private final long hash;
    private final UserInfo user;
    private final RequestInfo info;
    private final long arrived;
    private final Thread thread = Thread.currentThread();
    private volatile State state = State.WAITING;
    private volatile boolean cancelled;
    private final Work work;
    private volatile long started;

    /** The queue that it came through, null where it had not to wait; guarded by the queues' lock until it is granted. */
    @Nullable
    Lane lane;

    /** The virtual time of its arrival; guarded by the queues' lock. */
    long arrivedVirtually;

    Seat(FlowStats stats, String flow, long hash, UserInfo user, RequestInfo info, Work work, long now) {
        this.stats = stats;
        this.flow = flow;
        this.hash = hash;
        this.user = user;
        this.info = info;
        this.work = work;
        this.arrived = now;
    }

    FlowStats stats() {
        return stats;
    }

    String flow() {
        return flow;
    }

    long hash() {
        return hash;
    }

    UserInfo user() {
        return user;
    }

    RequestInfo info() {
        return info;
    }

    Work work() {
        return work;
    }

    long arrived() {
        return arrived;
    }

    long started() {
        return started;
    }

    boolean granted() {
        return state == State.GRANTED;
    }

    /** Whether it came into a queue; known to its own thread. */
    boolean queued() {
        return lane != null;
    }

    boolean waits() {
        return state == State.WAITING;
    }

    /** It has its seats; who waits for them goes on. */
    void grant(long nanos) {
        started = nanos;
        state = State.GRANTED;
        if (lane != null) {
            LockSupport.unpark(thread);
        }
    }

    /** It is out of its queue without seats. */
    void gone() {
        state = State.GONE;
    }

    /** Its client went: whoever waits here stops waiting. From any thread; never blocks. */
    void cancel() {
        cancelled = true;
        LockSupport.unpark(thread);
    }

    /** Waits for seats, until the time, until the client goes, or until the thread is interrupted. */
    void await(long deadline) {
        while (waits() && !cancelled && !thread.isInterrupted()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return;
            }
            LockSupport.parkNanos(this, left);
        }
    }
}
