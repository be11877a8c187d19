package dev.kite.store.engine;

import dev.kite.store.Fault;
import dev.kite.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Where callers leave requests for the writer. After its end every request is failed, whatever the race. */
final class Mailbox {
    /** Most requests of one group; more wait for the next commit. */
    private static final int GROUP = 1024;

    private final LinkedBlockingQueue<Request> queue = new LinkedBlockingQueue<>();
    private volatile @Nullable StoreException ended;

    void add(Request request) {
        queue.add(request);
        if (ended != null) {
            failAll();
        }
    }

    /** The next group: empty when none came within {@code nanos}. */
    List<Request> take(long nanos) throws InterruptedException {
        List<Request> group = new ArrayList<>();
        Request first = nanos <= 0 ? queue.poll() : queue.poll(nanos, TimeUnit.NANOSECONDS);
        if (first != null) {
            group.add(first);
            queue.drainTo(group, GROUP - 1);
        }
        return group;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Fails what is here and what will come. */
    void end(StoreException why) {
        ended = why;
        failAll();
    }

    private void failAll() {
        StoreException why = ended;
        for (Request request = queue.poll(); request != null; request = queue.poll()) {
            request.done()
                    .completeExceptionally(
                            why == null ? new StoreException(Fault.CLOSED, "the store has ended", null) : why);
        }
    }
}
