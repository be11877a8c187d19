package dev.kite.store.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Watches by prefix. Finding those of a key costs one hash lookup per length of prefix in use, however many there are. Guarded
 * by its hub.
 */
final class Subscribers {
    private final Map<String, List<Subscription>> byPrefix = new HashMap<>();
    private final TreeMap<Integer, Integer> prefixesByLength = new TreeMap<>();
    private int size;

    void add(Subscription subscription) {
        String prefix = subscription.prefix();
        List<Subscription> same = byPrefix.get(prefix);
        if (same == null) {
            same = new ArrayList<>(1);
            byPrefix.put(prefix, same);
            prefixesByLength.merge(prefix.length(), 1, Integer::sum);
        }
        same.add(subscription);
        size++;
    }

    void remove(Subscription subscription) {
        String prefix = subscription.prefix();
        List<Subscription> same = byPrefix.get(prefix);
        if (same == null || !same.remove(subscription)) {
            return;
        }
        size--;
        if (same.isEmpty()) {
            byPrefix.remove(prefix);
            prefixesByLength.computeIfPresent(prefix.length(), (length, count) -> count == 1 ? null : count - 1);
        }
    }

    int size() {
        return size;
    }

    void forKey(String key, Consumer<Subscription> action) {
        for (int length : prefixesByLength.headMap(key.length(), true).keySet()) {
            List<Subscription> same = byPrefix.get(key.substring(0, length));
            if (same != null) {
                same.forEach(action);
            }
        }
    }

    List<Subscription> all() {
        return byPrefix.values().stream().flatMap(List::stream).toList();
    }
}
