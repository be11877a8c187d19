package dev.kite.cel.eval;

import org.jspecify.annotations.Nullable;

/** A part of a value by its key or index. */
public final class Selection {
    private Selection() {}

    /**
     * Finds.
     *
     * @param test whether a missing part is null rather than an error
     */
    public static @Nullable Object find(Object value, Object key, boolean test) {
        return switch (value) {
            case MapValue map -> {
                Object part = map.find(key);
                if (part == null && !test) {
                    throw new CelError("no such key: " + Types.text(key));
                }
                yield part;
            }
            case ListValue list -> element(list, key, test);
            default -> {
                if (test) {
                    yield null;
                }
                throw key instanceof String || key instanceof Long
                        ? new CelError("no such key: " + key)
                        : CelError.noOverload();
            }
        };
    }

    private static @Nullable Object element(ListValue list, Object key, boolean test) {
        if (!Numbers.isNumber(key)) {
            throw new CelError("unsupported index type '" + Types.nameOf(key) + "' in list");
        }
        Long index = Numbers.exactLong(key);
        if (index == null) {
            throw new CelError("unsupported index value " + Types.text(key) + " in list");
        }
        if (index >= 0 && index < list.size()) {
            return list.get(index);
        }
        if (test) {
            return null;
        }
        throw new CelError("index out of bounds: " + index);
    }
}
