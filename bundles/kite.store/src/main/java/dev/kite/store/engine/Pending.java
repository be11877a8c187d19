package dev.kite.store.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Relaxed rows that are served but not on disk yet. An update of a key takes the place of the update before it, so a Lease
 * renewed ten times costs one row; creations and deletions stay, so that history shows each life of a key. The writer's own.
 */
final class Pending {
    private final TreeMap<Long, Log.Row> rows = new TreeMap<>();
    private final Map<String, Long> updates = new HashMap<>();
    private final Set<String> keys = new HashSet<>();
    private long bytes;

    void add(Collection<Log.Row> added) {
        added.forEach(this::add);
    }

    private void add(Log.Row row) {
        keys.add(row.key());
        if (row.kind() == Log.Kind.UPDATE) {
            Long superseded = updates.put(row.key(), row.revision());
            if (superseded != null) {
                Log.Row dropped = rows.remove(superseded);
                bytes -= dropped == null ? 0 : size(dropped);
            }
        } else {
            updates.remove(row.key());
        }
        rows.put(row.revision(), row);
        bytes += size(row);
    }

    private static long size(Log.Row row) {
        byte[] rest = row.rest();
        return (long) row.key().length() + (rest == null ? 0 : rest.length);
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    int size() {
        return rows.size();
    }

    long bytes() {
        return bytes;
    }

    /** The least revision that is not on disk; the largest long when all is. */
    long oldest() {
        return rows.isEmpty() ? Long.MAX_VALUE : rows.firstKey();
    }

    /** Whether a row of one of these keys waits: it must then reach the disk first. */
    boolean touches(Collection<Log.Row> others) {
        return !keys.isEmpty() && others.stream().anyMatch(row -> keys.contains(row.key()));
    }

    /** The rows in order of revision. */
    List<Log.Row> rows() {
        return new ArrayList<>(rows.values());
    }

    void clear() {
        rows.clear();
        updates.clear();
        keys.clear();
        bytes = 0;
    }
}
