package dev.kite.client;

import dev.kite.api.client.Informer;
import dev.kite.api.client.ObjectKey;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One holder's view of a shared informer: closing it ends this holder's handlers, and gives the informer back once.
 *
 * @param <T> the objects' type
 */
final class InformerHandle<T> implements Informer<T> {
    private final SharedInformer<T> shared;
    private final Runnable giveBack;
    private final List<Handler<T>> handlers = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Holds an informer.
     *
     * @param shared the informer
     * @param giveBack called once when this is closed
     */
    InformerHandle(SharedInformer<T> shared, Runnable giveBack) {
        this.shared = shared;
        this.giveBack = giveBack;
    }

    @Override
    public Registration onChange(Handler<T> handler) {
        handlers.add(handler);
        shared.add(handler);
        return () -> {
            handlers.remove(handler);
            shared.remove(handler);
        };
    }

    @Override
    public @Nullable T get(String namespace, String name) {
        return shared.cache().get(new ObjectKey(namespace, name));
    }

    @Override
    public Collection<T> list() {
        return shared.cache().list();
    }

    @Override
    public Collection<T> list(String namespace) {
        return shared.cache().list(namespace);
    }

    @Override
    public void index(String name, Function<T, List<String>> keys) {
        shared.cache().index(name, keys);
    }

    @Override
    public Collection<T> byIndex(String name, String key) {
        return shared.cache().byIndex(name, key);
    }

    @Override
    public boolean synced() {
        return shared.synced();
    }

    @Override
    public boolean awaitSync(Duration patience) throws InterruptedException {
        return shared.awaitSync(patience);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            handlers.forEach(shared::remove);
            giveBack.run();
        }
    }
}
