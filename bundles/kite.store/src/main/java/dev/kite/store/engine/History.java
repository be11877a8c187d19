package dev.kite.store.engine;

import dev.kite.store.CompactedException;
import dev.kite.store.Entry;
import dev.kite.store.Fault;
import dev.kite.store.FutureRevisionException;
import dev.kite.store.Range;
import dev.kite.store.RangeOptions;
import dev.kite.store.StoreException;
import dev.kite.store.StoredValue;
import dev.kite.store.ValueTransformer;
import dev.kite.store.WatchEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads what memory no longer has from the log, as entries and events. Compaction is checked against the log's own record in the
 * transaction that read the rows, so a compaction in between is never missed.
 */
final class History {
    /** Events in order, and the revision up to which they are complete. */
    record Page(List<WatchEvent> events, long upTo) {}

    private final Log log;
    private final ValueTransformer transformer;
    private final LongSupplier flushed;

    /** {@code flushed} makes everything visible durable and returns the revision up to which it did. */
    History(Log log, ValueTransformer transformer, LongSupplier flushed) {
        this.log = log;
        this.transformer = transformer;
        this.flushed = flushed;
    }

    Page after(String prefix, long after, int limit) {
        long upTo = flushed.getAsLong();
        Log.Changes changes = log.after(prefix, after, upTo, limit);
        if (after < changes.compactRevision()) {
            throw new CompactedException(after, changes.compactRevision());
        }
        List<WatchEvent> events = new ArrayList<>(changes.changes().size());
        for (Log.Change change : changes.changes()) {
            events.add(event(change));
        }
        boolean full = events.size() == limit;
        return new Page(events, full ? events.getLast().revision() : upTo);
    }

    Range at(String prefix, RangeOptions options) {
        long upTo = flushed.getAsLong();
        if (options.revision() > upTo) {
            throw new FutureRevisionException(options.revision(), upTo);
        }
        Log.Listing listing =
                log.at(prefix, options.start(), options.startInclusive(), options.limit(), options.revision());
        if (options.revision() < listing.compactRevision()) {
            throw new CompactedException(options.revision(), listing.compactRevision());
        }
        List<Entry> entries = new ArrayList<>(listing.rows().size());
        for (Log.Row row : listing.rows()) {
            entries.add(entry(row));
        }
        return new Range(entries, listing.remaining() > 0, listing.remaining(), options.revision());
    }

    private WatchEvent event(Log.Change change) {
        Log.Row row = change.row();
        String key = row.key();
        return switch (row.kind()) {
            case CREATE -> new WatchEvent.Put(entry(row), null);
            case UPDATE ->
                new WatchEvent.Put(
                        entry(row), entry(key, change.previousRest(), row.createRevision(), change.previousRevision()));
            case DELETE ->
                new WatchEvent.Delete(
                        entry(key, change.previousRest(), row.createRevision(), change.previousRevision()),
                        row.revision());
        };
    }

    /** A live row as an entry. */
    Entry entry(Log.Row row) {
        return entry(row.key(), row.rest(), row.createRevision(), row.revision());
    }

    private Entry entry(String key, byte @Nullable [] rest, long createRevision, long modRevision) {
        byte[] value = decode(key, rest == null ? new byte[0] : rest);
        return new Entry(key, new StoredValue(value, transformer.view(key, value)), createRevision, modRevision);
    }

    private byte[] decode(String key, byte[] rest) {
        try {
            return transformer.fromRest(key, rest);
        } catch (RuntimeException e) {
            throw new StoreException(
                    Fault.UNREADABLE_VALUE,
                    "the stored value of " + key + " cannot be read (" + e.getMessage()
                            + "): if the encryption configuration changed, put the old key back",
                    e);
        }
    }
}
