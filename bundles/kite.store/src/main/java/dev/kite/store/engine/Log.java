package dev.kite.store.engine;

import dev.kite.store.StoreException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The durable log under the engine. Rows are values at rest. All methods throw {@link StoreException}; none retries.
 *
 * <p>The writer's half ({@link #load}, {@link #append}, {@link #compact}, {@link #tidy}, {@link #close}) is
 * called from one thread at a time; the reader's half ({@link #after}, {@link #at}, {@link #backup}, {@link #size}) from any.
 */
public interface Log extends AutoCloseable {
    /** What a row does to its key. */
    enum Kind {
        CREATE,
        UPDATE,
        DELETE
    }

    /**
     * One write.
     *
     * @param ttlSeconds expiry; 0 for none
     * @param rest the value at rest; null for a delete
     */
    // Rows are carriers, never compared: a list would box every byte.
    @SuppressWarnings("ArrayRecordComponent")
    record Row(long revision, String key, Kind kind, long createRevision, long ttlSeconds, byte @Nullable [] rest) {}

    /** A row read from history, with the row that it replaced. */
    @SuppressWarnings("ArrayRecordComponent")
    record Change(Row row, long previousRevision, byte @Nullable [] previousRest) {}

    /** Where the log stands. */
    record Head(long revision, long compactRevision) {}

    /** Live rows at one revision, in key order. */
    record Listing(List<Row> rows, long remaining, long compactRevision) {}

    /** Changes in order of revision. */
    record Changes(List<Change> changes, long compactRevision) {}

    /** Disk use. */
    record Size(long fileBytes, long logBytes, long freeBytes, long commits, long bytesWritten) {}

    /** Streams every live row, keys mostly in order, and tells where the log stands. Called once, first. */
    Head load(Consumer<Row> live);

    /**
     * Makes all rows durable in one transaction, or none. Rows come in order of revision.
     *
     * @param reserve a later {@link #load} must return a revision of at least this one, even if no row has it; a lower one than
     *     before takes that back; 0 changes nothing
     */
    void append(List<Row> rows, long reserve);

    /**
     * Deletes a bounded slice of what a reader at {@code target} or later cannot see, and records how far it came, in one
     * transaction.
     *
     * @return the compacted revision now; {@code target} when done
     */
    long compact(long target);

    /** Bounded housekeeping between commits: checkpoint, giving free pages back. True when there is more to do. */
    boolean tidy(boolean busy);

    /** At most {@code limit} changes under {@code prefix} with revisions in (after, to]. */
    Changes after(String prefix, long after, long to, int limit);

    /** Live rows at {@code revision} under {@code prefix}, from {@code start} on (null: the first); limit 0: all. */
    Listing at(String prefix, @Nullable String start, boolean inclusive, int limit, long revision);

    /** Copies the log to {@code target}. */
    void backup(Path target);

    /** Disk use now. */
    Size size();

    @Override
    void close();
}
