package dev.kite.store;

import org.jspecify.annotations.Nullable;

/**
 * How to read a range.
 *
 * @param start the key to start at, or null for the prefix's first
 * @param startInclusive whether {@code start} itself is part of the range
 * @param limit how many entries at most; 0 for all
 * @param revision the revision to read; 0 for the newest
 */
public record RangeOptions(@Nullable String start, boolean startInclusive, int limit, long revision) {
    /** Everything at the newest revision. */
    public static final RangeOptions ALL = new RangeOptions(null, true, 0, 0);

    public RangeOptions {
        if (limit < 0 || revision < 0) {
            throw new IllegalArgumentException("limit and revision must not be negative: " + limit + ", " + revision);
        }
    }

    /** These options with a limit. */
    public RangeOptions limit(int newLimit) {
        return new RangeOptions(start, startInclusive, newLimit, revision);
    }

    /** These options at a revision. */
    public RangeOptions at(long newRevision) {
        return new RangeOptions(start, startInclusive, limit, newRevision);
    }

    /** These options, starting with the first key behind {@code key}: the next page. */
    public RangeOptions after(String key) {
        return new RangeOptions(key, false, limit, revision);
    }

    /** These options, starting with {@code key} or the first key behind it. */
    public RangeOptions from(String key) {
        return new RangeOptions(key, true, limit, revision);
    }
}
