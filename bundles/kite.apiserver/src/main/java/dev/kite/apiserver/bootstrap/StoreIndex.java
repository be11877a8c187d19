package dev.kite.apiserver.bootstrap;

import dev.kite.apiserver.storage.Followers;
import dev.kite.apiserver.storage.Keys;
import dev.kite.security.ClusterCertificates;
import dev.kite.security.StoredObjects;
import dev.kite.store.Entry;
import dev.kite.store.Store;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The store's objects as kite.security reads and follows them, and as the API server's own writes wait for those who follow. */
@Component(service = {StoredObjects.class, StoreIndex.class})
public final class StoreIndex implements StoredObjects {
    private final Store store;
    private final Followers followers;
    private volatile BiConsumer<String, String> tokenUse = (_, _) -> {};

    /**
     * An index of a store.
     *
     * @param store the store
     */
    @Activate
    public StoreIndex(@Reference Store store) {
        this.store = store;
        this.followers = new Followers(store);
    }

    /** @return the store */
    Store store() {
        return store;
    }

    /** @return those who are told before a writer is answered */
    Followers followers() {
        return followers;
    }

    @Override
    public byte @Nullable [] get(String group, String resource, String namespace, String name) {
        Entry entry = store.get(Keys.object(Keys.builtIn(group, resource), namespace, name));
        return entry == null ? null : entry.bytes();
    }

    @Override
    public ClusterCertificates.Subscription follow(String group, String resource, Listener listener) {
        String folder = Keys.builtIn(group, resource);
        Followers.Following following = followers.follow(folder, new Followers.Listener() {
            @Override
            public void set(Entry entry) {
                String path = entry.key().substring(folder.length());
                listener.set(namespace(path), name(path), entry.bytes());
            }

            @Override
            public void gone(Entry last) {
                String path = last.key().substring(folder.length());
                listener.gone(namespace(path), name(path));
            }
        });
        return following::close;
    }

    /** Says who is told of used tokens; until then nobody is. */
    void onTokenUse(BiConsumer<String, String> listener) {
        tokenUse = listener;
    }

    @Override
    public void tokenUsed(String namespace, String secret) {
        tokenUse.accept(namespace, secret);
    }

    private static String namespace(String path) {
        int slash = path.indexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    private static String name(String path) {
        return path.substring(path.indexOf('/') + 1);
    }

    /** Ends all that follow. */
    @Deactivate
    public void close() {
        followers.close();
    }
}
