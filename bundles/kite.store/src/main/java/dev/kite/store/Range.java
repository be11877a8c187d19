package dev.kite.store;

import java.util.List;

/**
 * What a range read found. Immutable; a snapshot of exactly one revision.
 *
 * @param entries in key order, at most the limit
 * @param more whether keys follow the last entry; continue with {@link RangeOptions#after(String)} and the revision
 * @param remaining how many keys follow the last entry
 * @param revision the revision that was read
 */
public record Range(List<Entry> entries, boolean more, long remaining, long revision) {}
