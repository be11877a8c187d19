package dev.kite.store.engine;

import dev.kite.store.WatchClosedException.Reason;
import dev.kite.store.WatchEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Hands published events to the watches that want them. One lock guards the window and the subscribers; a subscription's own
 * lock is taken inside it, never the other way round, and no I/O is done under either.
 */
final class Hub {
    private final ReentrantLock lock = new ReentrantLock();
    private final Window window;
    private final Subscribers subscribers = new Subscribers();
    private boolean closed;
    private long slow;
    private volatile long published;

    Hub(Window window) {
        this.window = window;
        published = window.floor();
    }

    /** The revision up to which every event has reached its watches. */
    long published() {
        return published;
    }

    /** Hands out the events of one publication; {@code revision} is its last. The writer's thread. */
    void publish(List<WatchEvent> events, long revision) {
        lock.lock();
        try {
            List<Subscription> ended = new ArrayList<>();
            for (WatchEvent event : events) {
                window.add(event);
                subscribers.forKey(event.key(), subscription -> {
                    if (!subscription.push(event)) {
                        ended.add(subscription);
                    }
                });
            }
            for (Subscription subscription : ended) {
                // One that was closed by its consumer meanwhile is not slow.
                if (subscription.tooSlow()) {
                    slow++;
                }
                subscribers.remove(subscription);
            }
        } finally {
            lock.unlock();
        }
        published = revision;
    }

    /**
     * Makes the subscription live from {@code after} on: the window's events now, later ones as they come. False when the window
     * starts later; the caller must then read the log further.
     */
    boolean attach(Subscription subscription, long after) {
        lock.lock();
        try {
            if (closed) {
                subscription.end(Reason.STORE_CLOSED);
                return true;
            }
            if (after < window.floor()) {
                return false;
            }
            if (subscription.start(window.after(subscription.prefix(), after), after)) {
                subscribers.add(subscription);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    void detach(Subscription subscription) {
        lock.lock();
        try {
            subscribers.remove(subscription);
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            for (Subscription subscription : subscribers.all()) {
                subscription.end(Reason.STORE_CLOSED);
                subscribers.remove(subscription);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Running watches and those closed as too slow so far. */
    record Counts(long watches, long slow) {}

    Counts counts() {
        lock.lock();
        try {
            return new Counts(subscribers.size(), slow);
        } finally {
            lock.unlock();
        }
    }
}
