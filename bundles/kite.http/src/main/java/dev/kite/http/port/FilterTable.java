package dev.kite.http.port;

import dev.kite.api.http.HttpFilter;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The filters of the moment in their order. Without those that guard, nothing is let through. */
final class FilterTable {
    /** Authentication and authorization: while one is missing, requests wait. */
    private static final Set<Integer> GUARDS = Set.of(100, 500);

    private final Duration hold;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<HttpFilter> all = new ArrayList<>();
    private volatile @Nullable List<HttpFilter> guarded;

    FilterTable(Duration hold) {
        this.hold = hold;
    }

    void add(HttpFilter filter) {
        lock.lock();
        try {
            all.addFirst(filter);
            rebuild();
        } finally {
            lock.unlock();
        }
    }

    void remove(HttpFilter filter) {
        lock.lock();
        try {
            all.remove(filter);
            rebuild();
        } finally {
            lock.unlock();
        }
    }

    /** Of two filters at one place, as amid a swap, the newer is taken. */
    private void rebuild() {
        List<HttpFilter> next = new ArrayList<>();
        for (HttpFilter filter : all) {
            if (next.stream().noneMatch(taken -> taken.order() == filter.order())) {
                next.add(filter);
            }
        }
        next.sort(Comparator.comparingInt(HttpFilter::order));
        boolean safe = GUARDS.stream().allMatch(order -> next.stream().anyMatch(f -> f.order() == order));
        guarded = safe ? List.copyOf(next) : null;
        changed.signalAll();
    }

    /** Returns the filters in order, waiting for those that guard; null if they don't come in time. */
    @Nullable
    List<HttpFilter> await() throws InterruptedIOException {
        List<HttpFilter> now = guarded;
        if (now != null) {
            return now;
        }
        long left = hold.toNanos();
        lock.lock();
        try {
            while (guarded == null && left > 0) {
                left = changed.awaitNanos(left);
            }
            return guarded;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while waiting for the filters");
        } finally {
            lock.unlock();
        }
    }
}
