package dev.kite.apiserver.aggregation;

import dev.kite.apiserver.storage.Followers;
import dev.kite.apiserver.storage.Keys;
import dev.kite.apiserver.storage.Trees;
import dev.kite.store.Entry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All APIServices as the store has them. Thread-safe; readers see whole states. */
final class ApiServices implements AutoCloseable {
    static final String GROUP = "apiregistration.k8s.io";
    static final String PLURAL = "apiservices";
    private static final String FOLDER = Keys.builtIn(GROUP, PLURAL);

    /** All, and those that others serve by {@code /apis/GROUP/VERSION}. */
    private record State(long revision, Map<String, ApiService> byName, Map<String, ApiService> remote) {}

    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private final Followers.Following following;
    private volatile State state = new State(1, Map.of(), Map.of());

    ApiServices(Followers followers) {
        following = followers.follow(FOLDER, new Followers.Listener() {
            @Override
            public void set(Entry entry) {
                change(name(entry), ApiService.of(Trees.of(entry)));
            }

            @Override
            public void gone(Entry last) {
                change(name(last), null);
            }
        });
    }

    private static String name(Entry entry) {
        return entry.key().substring(entry.key().lastIndexOf('/') + 1);
    }

    private void change(String name, @Nullable ApiService service) {
        Map<String, ApiService> all = new HashMap<>(state.byName());
        ApiService before = service == null ? all.remove(name) : all.put(name, service);
        if (service == null ? before != null : !service.equals(before)) {
            Map<String, ApiService> remote = new HashMap<>();
            all.values().stream().filter(one -> one.service() != null).forEach(one -> remote.put(one.path(), one));
            state = new State(state.revision() + 1, Map.copyOf(all), Map.copyOf(remote));
        }
        listeners.forEach(listener -> listener.accept(name));
    }

    /** Tells of each change, with the name; the listener must not block or write. */
    void onChange(Consumer<String> listener) {
        listeners.add(listener);
    }

    /** A number that grows with each change. */
    long revision() {
        return state.revision();
    }

    Map<String, ApiService> all() {
        return state.byName();
    }

    @Nullable
    ApiService named(String name) {
        return state.byName().get(name);
    }

    /** Those that others serve, by {@code /apis/GROUP/VERSION}. */
    Map<String, ApiService> remote() {
        return state.remote();
    }

    @Override
    public void close() {
        following.close();
    }
}
