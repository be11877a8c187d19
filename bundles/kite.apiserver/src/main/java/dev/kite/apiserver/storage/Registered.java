package dev.kite.apiserver.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.store.Entry;
import dev.kite.store.RangeOptions;
import dev.kite.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What is made of each object of one folder, kept until the object changes: webhooks and policies, which each write looks at and which seldom change. Where there are
 * none, a look costs one search of the index. Thread-safe: at worst two threads make the same.
 *
 * @param <T> what is made of an object
 */
public final class Registered<T> {
    private final Store store;
    private final String folder;
    private final Function<ObjectNode, T> make;
    private volatile Known<T> known = new Known<>(List.of(), List.of());

    private record Known<T>(List<Entry> entries, List<T> made) {}

    /**
     * Objects of a folder.
     *
     * @param store where they are
     * @param folder their folder
     * @param make makes of an object, with its resourceVersion, what is kept; not to fail
     */
    public Registered(Store store, String folder, Function<ObjectNode, T> make) {
        this.store = store;
        this.folder = folder;
        this.make = make;
    }

    /** @return what was made of each object, in order of names; shared, not to be changed */
    public List<T> all() {
        List<Entry> entries = store.range(folder, RangeOptions.ALL).entries();
        Known<T> before = known;
        if (same(entries, before.entries())) {
            return before.made();
        }
        List<T> made = new ArrayList<>();
        for (Entry entry : entries) {
            int at = find(before.entries(), entry);
            made.add(at < 0 ? make.apply(Trees.of(entry)) : before.made().get(at));
        }
        Known<T> now = new Known<>(List.copyOf(entries), List.copyOf(made));
        known = now;
        return now.made();
    }

    private static boolean same(List<Entry> some, List<Entry> others) {
        if (some.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < some.size(); i++) {
            if (!same(some.get(i), others.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static int find(List<Entry> entries, Entry wanted) {
        for (int i = 0; i < entries.size(); i++) {
            if (same(entries.get(i), wanted)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean same(Entry one, Entry other) {
        return one.modRevision() == other.modRevision() && one.key().equals(other.key());
    }
}
