package dev.kite.apiserver.storage;

import dev.kite.store.CompactedException;
import dev.kite.store.Entry;
import dev.kite.store.Fault;
import dev.kite.store.Range;
import dev.kite.store.RangeOptions;
import dev.kite.store.Store;
import dev.kite.store.StoreException;
import dev.kite.store.Watch;
import dev.kite.store.WatchClosedException;
import dev.kite.store.WatchEvent;
import dev.kite.store.WatchOptions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those in this process who must know of a change before its writer is answered: who makes a RoleBinding can use it at once, who makes a
 * CustomResourceDefinition finds it served. One virtual thread a follower. Thread-safe.
 */
public final class Followers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Followers.class);

    /** A follower that is slower than this holds nobody up any longer. */
    private static final long PATIENCE_MILLIS = 2_000;

    private final Store store;
    private final Map<String, List<Follower>> byFolder = new ConcurrentHashMap<>();

    /** What is told of entries; never from two threads at once. Must not block or write. */
    public interface Listener {
        /**
         * An entry is there, new or changed.
         *
         * @param entry the entry
         */
        void set(Entry entry);

        /**
         * An entry is gone.
         *
         * @param last as it was
         */
        void gone(Entry last);
    }

    /** A follower's life. */
    public interface Following extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Followers of a store.
     *
     * @param store the store
     */
    public Followers(Store store) {
        this.store = store;
    }

    /**
     * Follows a folder: what is there is told before this returns, changes after.
     *
     * @param folder the prefix of the keys
     * @param listener is told
     * @return ends it
     */
    public Following follow(String folder, Listener listener) {
        Follower follower = new Follower(folder, listener);
        follower.list();
        byFolder.computeIfAbsent(folder, _ -> new CopyOnWriteArrayList<>()).add(follower);
        follower.start();
        return follower;
    }

    /**
     * Waits until all who follow a folder have seen a revision.
     *
     * @param folder the folder
     * @param revision a revision that wrote in it
     */
    void await(String folder, long revision) {
        List<Follower> waiting = byFolder.get(folder);
        if (waiting != null) {
            waiting.forEach(follower -> follower.await(revision));
        }
    }

    @Override
    public void close() {
        byFolder.values().forEach(list -> list.forEach(Follower::close));
    }

    private final class Follower implements Following {
        private final String folder;
        private final Listener listener;
        private final Set<String> known = new HashSet<>();
        private final Object lock = new Object();
        private Watch watch;
        private long progress;
        private volatile boolean closed;

        Follower(String folder, Listener listener) {
            this.folder = folder;
            this.listener = listener;
            // Opened before the list, so that nothing falls between; what the list shows too is passed over.
            this.watch = store.watch(folder, store.revision(), WatchOptions.DEFAULT);
        }

        void list() {
            Range range = store.range(folder, RangeOptions.ALL);
            range.entries().forEach(this::set);
            done(range.revision());
        }

        void start() {
            Thread.ofVirtual().name("follow " + folder).start(this::run);
        }

        private void run() {
            while (!closed) {
                try {
                    List<WatchEvent> events = watch.take(Duration.ofMinutes(1));
                    long seen = progress();
                    events.stream().filter(event -> event.revision() > seen).forEach(this::tell);
                    done(watch.progress());
                } catch (WatchClosedException e) {
                    if (e.reason() != WatchClosedException.Reason.TOO_SLOW) {
                        return;
                    }
                    relist();
                } catch (StoreException e) {
                    if (e.fault() == Fault.CLOSED) {
                        return;
                    }
                    throw e;
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                    return;
                } catch (CompactedException e) {
                    LOG.warn("following {} fell behind its history, reading it anew: {}", folder, e.getMessage());
                    relist();
                }
            }
        }

        /** Starts again from what is there: sets all, and tells what went meanwhile. */
        private void relist() {
            watch.close();
            watch = store.watch(folder, store.revision(), WatchOptions.DEFAULT);
            if (closed) {
                watch.close();
                return;
            }
            Range range = store.range(folder, RangeOptions.ALL);
            Set<String> gone = new HashSet<>(known);
            range.entries().forEach(entry -> {
                gone.remove(entry.key());
                set(entry);
            });
            for (String key : gone) {
                known.remove(key);
                gone(new Entry(key, new dev.kite.store.StoredValue(new byte[0], null), 0, 0));
            }
            done(range.revision());
        }

        private void tell(WatchEvent event) {
            switch (event) {
                case WatchEvent.Put put -> set(put.entry());
                case WatchEvent.Delete delete -> {
                    known.remove(delete.key());
                    gone(delete.previous());
                }
            }
        }

        private void set(Entry entry) {
            known.add(entry.key());
            try {
                listener.set(entry);
            } catch (RuntimeException e) {
                // One object that can't be understood must not hide all others from who follows.
                LOG.warn("{} is passed over by who follows it", entry.key(), e);
            }
        }

        private void gone(Entry last) {
            try {
                listener.gone(last);
            } catch (RuntimeException e) {
                LOG.warn("that {} is gone is passed over by who follows it", last.key(), e);
            }
        }

        private long progress() {
            synchronized (lock) {
                return progress;
            }
        }

        private void done(long revision) {
            synchronized (lock) {
                progress = Math.max(progress, revision);
                lock.notifyAll();
            }
        }

        void await(long revision) {
            long until = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
            synchronized (lock) {
                while (progress < revision && !closed) {
                    long left = (until - System.nanoTime()) / 1_000_000;
                    if (left <= 0) {
                        return;
                    }
                    try {
                        lock.wait(left);
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                        return;
                    }
                }
            }
        }

        @Override
        public void close() {
            closed = true;
            byFolder.getOrDefault(folder, List.of()).remove(this);
            watch.close();
            done(Long.MAX_VALUE);
        }
    }
}
