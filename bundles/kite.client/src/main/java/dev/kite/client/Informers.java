package dev.kite.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.client.Informer;
import dev.kite.api.client.InformerFactory;
import dev.kite.api.client.ListOptions;
import dev.kite.model.KubernetesObject;
import dev.kite.model.ResourceType;
import dev.kite.model.meta.v1.PartialObjectMetadata;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** One identity's informers, each shared by its holders and ended by the last of them. Thread-safe. */
final class Informers implements InformerFactory, AutoCloseable {
    /** What two holders must have in common to share. */
    private record Key(String kind, String resource, String namespace, String labels, String fields) {}

    private static final class Held {
        final SharedInformer<?> informer;
        int holders;

        Held(SharedInformer<?> informer) {
            this.informer = informer;
        }
    }

    private final Rest rest;
    private final Duration watchLife;
    private final Map<Key, Held> held = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    /**
     * Keeps informers.
     *
     * @param rest sends
     * @param watchLife how long a watch lives at least before it is renewed
     */
    Informers(Rest rest, Duration watchLife) {
        this.rest = rest;
        this.watchLife = watchLife;
    }

    @Override
    public <T extends KubernetesObject> Informer<T> informer(
            ResourceType<T> type, String namespace, ListOptions options) {
        Key key = new Key("typed", type.toString(), namespace, options.labelSelector(), options.fieldSelector());
        TypedShape<T> shape = new TypedShape<>(type, true);
        return share(
                key,
                () -> new SharedInformer<>(
                        type.toString(), new RestResourceClient<>(rest, shape, namespace), shape, options, watchLife));
    }

    @Override
    public Informer<ObjectNode> generic(String group, String version, String plural) {
        var source = new TreeSource(new RestGenericClient(rest, group, version, plural));
        return share(
                new Key("tree", name(group, version, plural), "", "", ""),
                () -> new SharedInformer<>(plural, source, new TreeShape(rest.mapper()), ListOptions.ALL, watchLife));
    }

    @Override
    public Informer<PartialObjectMetadata> metadata(String group, String version, String plural) {
        var source = new MetadataSource(rest, Paths.collection(group, version, "", plural), plural);
        return share(
                new Key("metadata", name(group, version, plural), "", "", ""),
                () -> new SharedInformer<>(plural, source, new MetadataShape(), ListOptions.ALL, watchLife));
    }

    private static String name(String group, String version, String plural) {
        return plural + "." + version + (group.isEmpty() ? "" : "." + group);
    }

    /** The key names the kind of informer and the resource, so that what it holds is of the type asked for. */
    @SuppressWarnings("unchecked")
    private <T> Informer<T> share(Key key, Supplier<SharedInformer<T>> make) {
        lock.lock();
        try {
            Held known = held.get(key);
            if (known == null) {
                SharedInformer<T> fresh = make.get();
                known = new Held(fresh);
                held.put(key, known);
                fresh.start();
            }
            known.holders++;
            Held mine = known;
            return new InformerHandle<>((SharedInformer<T>) known.informer, () -> giveBack(key, mine));
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(Key key, Held given) {
        lock.lock();
        try {
            given.holders--;
            if (given.holders > 0) {
                return;
            }
            held.remove(key, given);
        } finally {
            lock.unlock();
        }
        given.informer.close();
    }

    @Override
    public void close() {
        List<Held> left;
        lock.lock();
        try {
            left = List.copyOf(held.values());
            held.clear();
        } finally {
            lock.unlock();
        }
        left.forEach(each -> each.informer.close());
    }
}
