package dev.kite.client;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.ListOptions;
import dev.kite.api.client.ObjectList;
import dev.kite.api.client.Watch;
import dev.kite.api.client.WatchEndedException;
import dev.kite.api.client.WatchEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a copy of a server's objects: lists, then watches from there, watches again when the server ends the watch, and lists again when it says that the
 * version is gone. One virtual thread.
 *
 * @param <T> the objects' type
 */
final class Reflector<T> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reflector.class);

    /** How many objects a page has, as client-go's. */
    private static final int PAGE = 500;

    private static final Duration FIRST_BACKOFF = Duration.ofMillis(200);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);

    /** How many seconds a server may be late in ending a watch. */
    private static final int OVERDUE = 30;

    /** A watch that lived this long ends the back-off. */
    private static final Duration HEALTHY = Duration.ofSeconds(5);

    /**
     * What is told of the objects, from the reflector's thread.
     *
     * @param <T> the objects' type
     */
    interface Listener<T> {
        /**
         * A list came.
         *
         * @param all all objects
         */
        void replaced(List<T> all);

        /**
         * An object is there as it is now.
         *
         * @param object the object
         */
        void stored(T object);

        /**
         * An object is gone.
         *
         * @param object the object as it last was
         */
        void deleted(T object);
    }

    private final String name;
    private final Source<T> source;
    private final Shape<T> shape;
    private final ListOptions options;
    private final Duration watchLife;
    private final Listener<T> listener;
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable Watch<T> watch;
    private Duration backoff = FIRST_BACKOFF;
    /** Whether a list may be of any version the server has; false after it said that a version is gone. */
    private boolean anyVersion = true;

    /**
     * Prepares; {@link #start} starts.
     *
     * @param name names the thread and log lines
     * @param source where the objects come from
     * @param shape tells their versions
     * @param options their selectors
     * @param watchLife how long a watch lives at least; up to twice as long, so that not all end at once
     * @param listener is told
     */
    Reflector(
            String name,
            Source<T> source,
            Shape<T> shape,
            ListOptions options,
            Duration watchLife,
            Listener<T> listener) {
        this.name = name;
        this.source = source;
        this.shape = shape;
        this.options = options;
        this.watchLife = watchLife;
        this.listener = listener;
        this.thread = Thread.ofVirtual().name("kite-informer-" + name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!closed) {
                String version = listAll();
                if (version == null) {
                    pause();
                } else {
                    follow(version);
                }
            }
        } catch (InterruptedException e) {
            // Only close() interrupts.
            Thread.currentThread().interrupt();
        }
    }

    /** Lists all pages; null where that failed. */
    private @Nullable String listAll() {
        try {
            List<T> all = new ArrayList<>();
            String version = anyVersion ? "0" : "";
            ListOptions first = new ListOptions(
                    options.labelSelector(), options.fieldSelector(), version, "", 0, "", false, false, 0);
            // A list of any version comes from memory whole; a consistent one goes page by page.
            ObjectList<T> page = source.list(anyVersion ? first : first.page(PAGE, ""));
            all.addAll(page.items());
            while (!page.continueToken().isEmpty() && !closed) {
                page = source.list(first.page(PAGE, page.continueToken()));
                all.addAll(page.items());
            }
            listener.replaced(all);
            anyVersion = true;
            return page.resourceVersion();
        } catch (ApiException e) {
            if (e.expired()) {
                anyVersion = false;
            }
            report("list", e);
            return null;
        } catch (RuntimeException e) {
            report("list", e);
            return null;
        }
    }

    /** Watches from a version until a list is needed. */
    private void follow(String from) throws InterruptedException {
        String version = from;
        while (!closed) {
            long started = System.nanoTime();
            int life = lifeSeconds();
            try (Watch<T> current = source.watch(options.watchFrom(version).endingAfter(life))) {
                watch = current;
                while (!closed) {
                    WatchEvent<T> event = current.next(Duration.ofSeconds(life + OVERDUE));
                    if (event == null) {
                        // The server should have ended the watch by now: the connection is dead.
                        break;
                    }
                    version = apply(event, version);
                }
            } catch (WatchEndedException e) {
                if (e.expired()) {
                    anyVersion = false;
                    return;
                }
                LOG.debug("{}: {}", name, e.getMessage());
            } catch (ApiException e) {
                if (e.expired()) {
                    anyVersion = false;
                    return;
                }
                report("watch", e);
                if (e.notFound()) {
                    pause();
                    return;
                }
            } finally {
                watch = null;
            }
            if (System.nanoTime() - started >= HEALTHY.toNanos()) {
                backoff = FIRST_BACKOFF;
            } else {
                pause();
            }
        }
    }

    private int lifeSeconds() {
        int least = (int) watchLife.toSeconds();
        return least + ThreadLocalRandom.current().nextInt(least + 1);
    }

    private String apply(WatchEvent<T> event, String before) {
        return switch (event) {
            case WatchEvent.Added<T>(T object) -> {
                listener.stored(object);
                yield shape.resourceVersion(object);
            }
            case WatchEvent.Modified<T>(T object) -> {
                listener.stored(object);
                yield shape.resourceVersion(object);
            }
            case WatchEvent.Deleted<T>(T object) -> {
                listener.deleted(object);
                yield shape.resourceVersion(object);
            }
            case WatchEvent.Bookmark<T>(String version, boolean _) -> version.isEmpty() ? before : version;
        };
    }

    private void report(String verb, RuntimeException failure) {
        if (!closed) {
            LOG.warn("{}: {} failed, trying again in {} ms: {}", name, verb, backoff.toMillis(), failure.getMessage());
        }
    }

    private void pause() throws InterruptedException {
        if (closed) {
            return;
        }
        // Jitter, so that many informers do not come back at one instant.
        Thread.sleep(backoff.plusMillis(ThreadLocalRandom.current().nextLong(backoff.toMillis() / 2 + 1)));
        Duration doubled = backoff.multipliedBy(2);
        backoff = doubled.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : doubled;
    }

    @Override
    public void close() {
        closed = true;
        Watch<T> current = watch;
        if (current != null) {
            current.close();
        }
        thread.interrupt();
    }
}
