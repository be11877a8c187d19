package dev.kite.model.json;

/**
 * A small direct-mapped cache that makes equal short strings one object. A slot holds the last string of its hash; racing
 * threads at worst miss, since strings are immutable.
 */
final class StringPool {
    private static final int MAX_LENGTH = 64;
    private final String[] slots;

    StringPool(int size) {
        slots = new String[size];
    }

    /** The string, or an equal one seen before. */
    String pool(String value) {
        if (value.length() > MAX_LENGTH) {
            return value;
        }
        int hash = value.hashCode();
        int slot = (hash ^ (hash >>> 15)) & (slots.length - 1);
        String seen = slots[slot];
        if (value.equals(seen)) {
            return seen;
        }
        slots[slot] = value;
        return value;
    }
}
