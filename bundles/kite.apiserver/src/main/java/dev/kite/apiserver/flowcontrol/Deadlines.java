package dev.kite.apiserver.flowcontrol;

import java.util.Collection;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The requests that are being answered and have to be answered by a time. One virtual thread, which is there only while there are any, sleeps until the first of
 * their times: a request that is answered in time costs an entry in a set and nothing else. Thread-safe.
 */
final class Deadlines {
    private static final long FAR = TimeUnit.DAYS.toNanos(365);

    private final Set<TimedExchange> running = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Thread> watcher = new AtomicReference<>();
    private volatile long wakes = System.nanoTime() + FAR;

    void add(TimedExchange exchange) {
        running.add(exchange);
        Thread there = watcher.get();
        if (there == null) {
            start();
        } else if (exchange.deadline() - wakes < 0) {
            LockSupport.unpark(there);
        }
    }

    void remove(TimedExchange exchange) {
        running.remove(exchange);
    }

    Collection<TimedExchange> running() {
        return running;
    }

    private void start() {
        Thread made = Thread.ofVirtual().name("request time-outs").unstarted(this::watch);
        if (watcher.compareAndSet(null, made)) {
            made.start();
        }
    }

    private void watch() {
        Thread self = Thread.currentThread();
        do {
            while (!running.isEmpty()) {
                // Who comes amid the look wakes this again.
                wakes = System.nanoTime() + FAR;
                long next = look();
                wakes = next;
                long left = next - System.nanoTime();
                if (left > 0) {
                    LockSupport.parkNanos(this, left);
                }
            }
            watcher.set(null);
        } while (!running.isEmpty() && watcher.compareAndSet(null, self));
    }

    private long look() {
        long now = System.nanoTime();
        long next = now + FAR;
        for (Iterator<TimedExchange> all = running.iterator(); all.hasNext(); ) {
            TimedExchange exchange = all.next();
            if (exchange.deadline() - now <= 0) {
                all.remove();
                Thread.ofVirtual().name("time-out").start(exchange::expire);
            } else if (exchange.deadline() - next < 0) {
                next = exchange.deadline();
            }
        }
        return next;
    }
}
