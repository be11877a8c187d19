package dev.kite.client;

import dev.kite.api.client.Informer;
import dev.kite.api.client.ListOptions;
import dev.kite.api.client.ObjectKey;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One cache with its reflector and handlers, shared by all who ask for the same objects. The delivery lock is held while the cache changes and handlers are told,
 * so that a new handler sees each object once and then each change in order.
 *
 * @param <T> the objects' type
 */
final class SharedInformer<T> implements Reflector.Listener<T>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SharedInformer.class);

    private final String name;
    private final Shape<T> shape;
    private final Cache<T> cache = new Cache<>();
    private final Reflector<T> reflector;
    private final List<Informer.Handler<T>> handlers = new CopyOnWriteArrayList<>();
    private final ReentrantLock delivery = new ReentrantLock();
    private final CountDownLatch synced = new CountDownLatch(1);

    /**
     * Prepares; {@link #start} starts.
     *
     * @param name names it in log lines
     * @param source where objects come from
     * @param shape tells their names
     * @param options their selectors
     * @param watchLife how long a watch lives at least
     */
    SharedInformer(String name, Source<T> source, Shape<T> shape, ListOptions options, Duration watchLife) {
        this.name = name;
        this.shape = shape;
        this.reflector = new Reflector<>(name, source, shape, options, watchLife, this);
    }

    void start() {
        reflector.start();
    }

    Cache<T> cache() {
        return cache;
    }

    private ObjectKey key(T object) {
        return new ObjectKey(shape.namespace(object), shape.name(object));
    }

    /**
     * Tells a handler of all that is there, and from then on of each change.
     *
     * @param handler the handler
     */
    void add(Informer.Handler<T> handler) {
        delivery.lock();
        try {
            cache.list().forEach(object -> tell(handler, null, object));
            handlers.add(handler);
        } finally {
            delivery.unlock();
        }
    }

    /**
     * Ends a handler's calls; one that runs is not waited for.
     *
     * @param handler the handler
     */
    void remove(Informer.Handler<T> handler) {
        handlers.remove(handler);
    }

    boolean synced() {
        return synced.getCount() == 0;
    }

    boolean awaitSync(Duration patience) throws InterruptedException {
        return synced.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void replaced(List<T> all) {
        delivery.lock();
        try {
            Set<ObjectKey> present = new HashSet<>();
            for (T object : all) {
                present.add(key(object));
                store(object);
            }
            for (ObjectKey key : cache.keys()) {
                if (!present.contains(key)) {
                    T before = cache.remove(key);
                    if (before != null) {
                        tellAll(before, null);
                    }
                }
            }
            synced.countDown();
        } finally {
            delivery.unlock();
        }
    }

    @Override
    public void stored(T object) {
        delivery.lock();
        try {
            store(object);
        } finally {
            delivery.unlock();
        }
    }

    private void store(T object) {
        ObjectKey key = key(object);
        T known = cache.get(key);
        if (known != null && shape.resourceVersion(known).equals(shape.resourceVersion(object))) {
            return;
        }
        T before = cache.put(key, object);
        tellAll(before, object);
    }

    @Override
    public void deleted(T object) {
        delivery.lock();
        try {
            T before = cache.remove(key(object));
            if (before != null) {
                // The last state tells more than the one before it, for example a deletion timestamp.
                tellAll(object, null);
            }
        } finally {
            delivery.unlock();
        }
    }

    private void tellAll(@Nullable T before, @Nullable T after) {
        for (Informer.Handler<T> handler : handlers) {
            tell(handler, before, after);
        }
    }

    private void tell(Informer.Handler<T> handler, @Nullable T before, @Nullable T after) {
        try {
            handler.changed(before, after);
        } catch (RuntimeException e) {
            LOG.error("{}: a handler failed", name, e);
        }
    }

    @Override
    public void close() {
        reflector.close();
        handlers.clear();
    }
}
