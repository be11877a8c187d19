package dev.kite.store.engine;

import org.jspecify.annotations.Nullable;

/** Prefixes as ranges of keys. */
public final class Keys {
    private Keys() {}

    /** The least string greater than every string that starts with {@code prefix}; null when there is none. */
    public static @Nullable String end(String prefix) {
        for (int i = prefix.length() - 1; i >= 0; i--) {
            char last = prefix.charAt(i);
            if (last != Character.MAX_VALUE) {
                return prefix.substring(0, i) + (char) (last + 1);
            }
        }
        return null;
    }
}
