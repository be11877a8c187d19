package dev.kite.store.engine;

import dev.kite.store.Watch;
import dev.kite.store.WatchClosedException;
import dev.kite.store.WatchClosedException.Reason;
import dev.kite.store.WatchEvent;
import dev.kite.store.WatchOptions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One watch. Behind the window it reads pages of history on its consumer's thread; from then on it is live: the hub pushes
 * events into its queue. A queue over its bounds ends the watch; what it holds is still handed out, so that the consumer can
 * come back with the last revision it saw.
 */
final class Subscription implements Watch {
    private static final int PAGE = 500;

    private final String prefix;
    private final WatchOptions options;
    private final Hub hub;
    private final History history;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<WatchEvent> queue = new ArrayDeque<>();
    private long bytes;
    private long after;
    private int backlogEvents;
    private long backlogBytes;
    private boolean live;
    private long progress;
    private @Nullable Reason ended;

    Subscription(String prefix, long after, WatchOptions options, Hub hub, History history) {
        this.prefix = prefix;
        this.after = after;
        this.options = options;
        this.hub = hub;
        this.history = history;
        this.progress = Math.min(after, hub.published());
    }

    String prefix() {
        return prefix;
    }

    /**
     * Hub only: takes what the window has; false when the watch has ended. The backlog is exempt from the bounds, which are for
     * what comes later.
     */
    boolean start(List<WatchEvent> backlog, long from) {
        lock.lock();
        try {
            if (ended != null) {
                return false;
            }
            queue.addAll(backlog);
            backlogEvents = backlog.size();
            backlogBytes = backlog.stream().mapToLong(Window::size).sum();
            bytes = backlogBytes;
            after = from;
            live = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Hub only: adds an event; false when the watch has ended, perhaps by this. */
    boolean push(WatchEvent event) {
        lock.lock();
        try {
            if (ended != null) {
                return false;
            }
            if (event.revision() <= after) {
                return true;
            }
            long size = Window.size(event);
            boolean full = queue.size() >= options.maxEvents() + backlogEvents
                    || (!queue.isEmpty() && bytes + size > options.maxBytes() + backlogBytes);
            if (full) {
                ended = Reason.TOO_SLOW;
            } else {
                queue.addLast(event);
                bytes += size;
            }
            changed.signal();
            return !full;
        } finally {
            lock.unlock();
        }
    }

    boolean tooSlow() {
        lock.lock();
        try {
            return ended == Reason.TOO_SLOW;
        } finally {
            lock.unlock();
        }
    }

    void end(Reason reason) {
        lock.lock();
        try {
            if (ended == null) {
                ended = reason;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<WatchEvent> take(Duration timeout) throws InterruptedException {
        while (!isLive()) {
            List<WatchEvent> page = catchUp();
            if (!page.isEmpty()) {
                return page;
            }
        }
        return await(timeout.toNanos());
    }

    private boolean isLive() {
        lock.lock();
        try {
            return live || ended != null;
        } finally {
            lock.unlock();
        }
    }

    /** Attaches to the hub, or reads one page behind its window. The consumer's thread; disk is read without the lock. */
    private List<WatchEvent> catchUp() {
        if (hub.attach(this, after)) {
            return List.of();
        }
        History.Page page = history.after(prefix, after, PAGE);
        lock.lock();
        try {
            after = page.upTo();
            progress = page.upTo();
        } finally {
            lock.unlock();
        }
        return page.events();
    }

    private List<WatchEvent> await(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (queue.isEmpty() && ended == null && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (queue.isEmpty()) {
                if (ended != null) {
                    throw new WatchClosedException(ended);
                }
                return List.of();
            }
            List<WatchEvent> taken = new ArrayList<>(Math.min(queue.size(), options.batch()));
            while (!queue.isEmpty() && taken.size() < options.batch()) {
                WatchEvent event = queue.removeFirst();
                bytes -= Window.size(event);
                taken.add(event);
            }
            if (queue.isEmpty()) {
                backlogEvents = 0;
                backlogBytes = 0;
            }
            progress = taken.getLast().revision();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long progress() {
        // Read before the queue is: whatever was published up to here has been pushed by then.
        long published = hub.published();
        lock.lock();
        try {
            if (live && ended == null && queue.isEmpty()) {
                progress = Math.max(progress, published);
            }
            return progress;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        end(Reason.CLOSED);
        hub.detach(this);
    }
}
