package dev.kite.scheduler;

import dev.kite.model.core.v1.Pod;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Pods that wait for a node: active ones by priority and then by age; those that failed wait out a back-off (doubled for each attempt) after something
 * changed in the cluster, or the longest wait without a change, as upstream; {@link QueueTimes} says how long each is. Thread-safe.
 */
final class SchedulingQueue {
    private enum Place {
        ACTIVE,
        BACKOFF,
        UNSCHEDULABLE,
        IN_CYCLE
    }

    private static final class Entry {
        Pod pod;
        Place place = Place.ACTIVE;
        final long since;
        int attempts;
        long failedAt;
        /** Whether something changed while it was looked at, so that a failure may be out of date. */
        boolean changedMeanwhile;

        Entry(Pod pod, long since) {
            this.pod = pod;
            this.since = since;
        }
    }

    private final QueueTimes times;
    private final LongSupplier nanoClock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ready = lock.newCondition();
    private final Map<String, Entry> entries = new HashMap<>();
    private final PriorityQueue<Entry> active = new PriorityQueue<>(
            Comparator.comparingInt((Entry entry) -> -entry.pod.spec().priority())
                    .thenComparingLong(entry -> entry.since));
    private boolean closed;

    /**
     * Makes an empty queue.
     *
     * @param times how long pods wait
     * @param nanoClock a monotonic clock
     */
    SchedulingQueue(QueueTimes times, LongSupplier nanoClock) {
        this.times = times;
        this.nanoClock = nanoClock;
    }

    /**
     * Adds a pod, or takes its newest state; one whose spec, labels or gates changed is tried again at once.
     *
     * @param pod the pod
     */
    void offer(Pod pod) {
        lock.lock();
        try {
            Entry entry = entries.get(pod.metadata().uid());
            if (entry == null) {
                entry = new Entry(pod, nanoClock.getAsLong());
                entries.put(pod.metadata().uid(), entry);
                activate(entry);
                return;
            }
            boolean differs = !entry.pod.spec().equals(pod.spec())
                    || !entry.pod.metadata().labels().equals(pod.metadata().labels());
            if (entry.place == Place.ACTIVE) {
                active.remove(entry);
                entry.pod = pod;
                active.add(entry);
            } else {
                entry.pod = pod;
                entry.changedMeanwhile |= differs;
                if (differs && entry.place == Place.UNSCHEDULABLE) {
                    activate(entry);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void activate(Entry entry) {
        entry.place = Place.ACTIVE;
        active.add(entry);
        ready.signal();
    }

    /**
     * Removes a pod that is gone or has a node.
     *
     * @param uid its uid
     */
    void remove(String uid) {
        lock.lock();
        try {
            Entry entry = entries.remove(uid);
            if (entry != null) {
                active.remove(entry);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the next pod.
     *
     * @return the pod in its newest state, or null when the queue is closed
     * @throws InterruptedException if the thread is interrupted
     */
    @Nullable
    Pod take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed) {
                long wait = moveDue();
                Entry entry = active.poll();
                if (entry != null) {
                    entry.place = Place.IN_CYCLE;
                    entry.attempts++;
                    entry.changedMeanwhile = false;
                    return entry.pod;
                }
                if (wait == Long.MAX_VALUE) {
                    ready.await();
                } else {
                    ready.awaitNanos(wait);
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Activates those whose back-off or wait is over; how long until the next one's is. */
    private long moveDue() {
        long now = nanoClock.getAsLong();
        long next = Long.MAX_VALUE;
        for (Entry entry : entries.values()) {
            long due = switch (entry.place) {
                case BACKOFF -> entry.failedAt + times.backoff(entry.attempts);
                case UNSCHEDULABLE -> entry.failedAt + times.wait(entry.attempts);
                case ACTIVE, IN_CYCLE -> Long.MAX_VALUE;
            };
            if (due == Long.MAX_VALUE) {
                continue;
            }
            if (due - now <= 0) {
                activate(entry);
            } else {
                next = Math.min(next, due - now);
            }
        }
        return next;
    }

    /**
     * Puts a pod back that could not be scheduled.
     *
     * @param uid its uid
     * @param soon whether it is tried after its back-off even if nothing changes, since the failure was no verdict
     */
    void failed(String uid, boolean soon) {
        lock.lock();
        try {
            Entry entry = entries.get(uid);
            if (entry != null && entry.place == Place.IN_CYCLE) {
                entry.failedAt = nanoClock.getAsLong();
                entry.place = soon || entry.changedMeanwhile ? Place.BACKOFF : Place.UNSCHEDULABLE;
                ready.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Something changed in the cluster: what could not be scheduled may be now. */
    void clusterChanged() {
        lock.lock();
        try {
            for (Entry entry : new ArrayList<>(entries.values())) {
                entry.changedMeanwhile = true;
                if (entry.place == Place.UNSCHEDULABLE) {
                    entry.place = Place.BACKOFF;
                }
            }
            ready.signal();
        } finally {
            lock.unlock();
        }
    }

    /** @return the pods that wait, in any place */
    List<Pod> waiting() {
        lock.lock();
        try {
            return entries.values().stream().map(entry -> entry.pod).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the wait of whoever takes. */
    void close() {
        lock.lock();
        try {
            closed = true;
            ready.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
