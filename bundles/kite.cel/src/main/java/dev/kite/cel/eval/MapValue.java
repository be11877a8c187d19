package dev.kite.cel.eval;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A map, or an object with named fields. Immutable, but for {@link Growing}, which only the comprehension that fills it can reach. */
public abstract class MapValue {
    /** Entries. */
    public abstract long size();

    /** The value of a key, or null when there is none. Numbers find a key of another number type. */
    public abstract @Nullable Object find(Object key);

    /** The keys, in order. */
    public abstract Iterable<Object> keys();

    /** This and one entry more, which must not be there. */
    public MapValue with(Object key, Object value) {
        Growing more = new Growing();
        for (Object k : keys()) {
            more.insert(k, java.util.Objects.requireNonNull(find(k)));
        }
        more.insert(key, value);
        return more;
    }

    /** Of entries; the map is not to be changed. */
    public static MapValue of(Map<Object, Object> entries) {
        return new Plain(entries);
    }

    static class Plain extends MapValue {
        final Map<Object, Object> entries;

        Plain(Map<Object, Object> entries) {
            this.entries = entries;
        }

        @Override
        public long size() {
            return entries.size();
        }

        @Override
        public @Nullable Object find(Object key) {
            Object value = entries.get(key);
            return value == null && Numbers.isNumber(key) ? findNumber(key) : value;
        }

        private @Nullable Object findNumber(Object key) {
            Long whole = Numbers.exactLong(key);
            if (whole != null) {
                Object value = entries.get(whole);
                if (value != null || whole < 0) {
                    return value;
                }
                return entries.get(new UInt(whole));
            }
            return entries.get(Numbers.key(key));
        }

        @Override
        public Iterable<Object> keys() {
            return entries.keySet();
        }
    }

    /** What a comprehension fills: inserting changes it. */
    static final class Growing extends Plain {
        Growing() {
            super(new LinkedHashMap<>());
        }

        @Override
        public MapValue with(Object key, Object value) {
            insert(key, value);
            return this;
        }

        void insert(Object key, Object value) {
            if (find(key) != null) {
                throw new CelError("insert failed: key " + Types.text(key) + " already exists");
            }
            entries.put(key, value);
        }
    }
}
