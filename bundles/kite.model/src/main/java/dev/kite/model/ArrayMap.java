package dev.kite.model;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An immutable map with sorted string keys in one array: half of a HashMap's size, and in the order in which Go writes it. */
final class ArrayMap<V> extends AbstractMap<String, V> {
    private final Object[] keysThenValues;

    private ArrayMap(Object[] keysThenValues) {
        this.keysThenValues = keysThenValues;
    }

    /** A copy of {@code map}, or {@code map} itself where it is one already; list values are copied into immutable ones. */
    static Map<?, ?> copyOf(Map<?, ?> map) {
        if (map instanceof ArrayMap) {
            return map;
        }
        if (map.isEmpty()) {
            return Map.of();
        }
        String[] keys = map.keySet().toArray(new String[0]);
        Arrays.sort(keys);
        Object[] all = Arrays.copyOf(keys, keys.length * 2, Object[].class);
        for (int i = 0; i < keys.length; i++) {
            Object value = map.get(keys[i]);
            if (value == null) {
                throw new NullPointerException("no value for " + keys[i]);
            }
            all[keys.length + i] = value instanceof List<?> list ? List.copyOf(list) : value;
        }
        return new ArrayMap<>(all);
    }

    @Override
    public int size() {
        return keysThenValues.length / 2;
    }

    private int find(@Nullable Object key) {
        return key instanceof String string ? Arrays.binarySearch(keysThenValues, 0, size(), string) : -1;
    }

    @Override
    @SuppressWarnings("unchecked")
    public @Nullable V get(@Nullable Object key) {
        int at = find(key);
        return at < 0 ? null : (V) keysThenValues[size() + at];
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return find(key) >= 0;
    }

    @Override
    public Set<Entry<String, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return ArrayMap.this.size();
            }

            @Override
            public Iterator<Entry<String, V>> iterator() {
                return new Entries();
            }
        };
    }

    private final class Entries implements Iterator<Entry<String, V>> {
        private int next;

        @Override
        public boolean hasNext() {
            return next < size();
        }

        @Override
        @SuppressWarnings("unchecked")
        public Entry<String, V> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Entry<String, V> entry = Map.entry((String) keysThenValues[next], (V) keysThenValues[size() + next]);
            next++;
            return entry;
        }
    }
}
