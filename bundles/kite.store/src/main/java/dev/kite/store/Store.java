package dev.kite.store;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The revisioned key-value log under the API server, with etcd's semantics.
 *
 * <p>A write returns when it survives power loss, unless {@link WriteOptions#relaxed()}. Reads at the newest revision come
 * from memory and never wait for the disk; each is a snapshot of exactly one revision. A reader that has seen a write
 * acknowledged, or a watch event of it, sees it in every later read. All methods may be called from any thread,
 * virtual ones included; those that wait for the disk say so.
 *
 * <p>Any method throws {@link StoreException} with {@link Fault#CLOSED} after the store has ended.
 */
@ProviderType
public interface Store {
    /** Expected revision of a write that does not care what is there. */
    long ANY = -1;

    /** Expected revision of a put that creates: the key must not exist. */
    long ABSENT = 0;

    /** The newest revision that reads see: etcd's header revision. Never blocks. */
    long revision();

    /** The revision up to which history is gone: reads below it throw {@link CompactedException}. Never blocks. */
    long compactRevision();

    /**
     * Waits until reads see everything that any server acknowledged before the call, and returns {@link #revision()}.
     * On a datastore that belongs to this process alone it returns at once.
     */
    long sync();

    /** The entry at {@code key} in the newest revision, or null. Never blocks. */
    @Nullable
    Entry get(String key);

    /** Whether writing an equal value to {@code key} may change its form at rest ({@link ValueTransformer#mayBeStale}). Never blocks. */
    default boolean mayBeStale(String key) {
        return false;
    }

    /**
     * The entries whose keys start with {@code prefix} (empty: all), in key order. At the newest revision it never blocks;
     * at an older one it may read the disk.
     *
     * @throws CompactedException when the options name a revision below {@link #compactRevision()}
     * @throws FutureRevisionException when the options name a revision above {@link #revision()}
     */
    Range range(String prefix, RangeOptions options);

    /**
     * Writes {@code value} at {@code key} and waits until it is durable (see {@link WriteOptions#relaxed()}).
     *
     * @param value the bytes that reads return; the store keeps the array, so the caller must not change it afterwards
     * @param expectedModRevision {@link #ABSENT}, {@link #ANY} or the modRevision that the key must have now
     * @return the entry as written; its modRevision is the write's revision
     * @throws ConflictException when the key's modRevision is another; it carries the current entry
     * @throws StoreException when the write could not be made durable: it did not happen
     */
    Entry put(String key, byte[] value, long expectedModRevision, WriteOptions options);

    /**
     * Deletes {@code key} and waits until that is durable (see {@link WriteOptions#relaxed()}).
     *
     * @param expectedModRevision {@link #ANY} or the modRevision that the key must have now
     * @throws NotFoundException when the key does not exist
     * @throws ConflictException when the key's modRevision is another; it carries the current entry
     * @throws StoreException when the delete could not be made durable: it did not happen
     */
    Deleted delete(String key, long expectedModRevision, WriteOptions options);

    /** {@link #put(String, byte[], long, WriteOptions)}, durable, without expiry. */
    default Entry put(String key, byte[] value, long expectedModRevision) {
        return put(key, value, expectedModRevision, WriteOptions.DURABLE);
    }

    /** {@link #delete(String, long, WriteOptions)}, durable. */
    default Deleted delete(String key, long expectedModRevision) {
        return delete(key, expectedModRevision, WriteOptions.DURABLE);
    }

    /**
     * All changes under {@code prefix} with revisions greater than {@code fromRevision}, in order of revision, without
     * gaps. Zero means from now. A revision in the future is allowed: earlier changes are then left out.
     *
     * @throws CompactedException when {@code fromRevision} is below {@link #compactRevision()}
     */
    Watch watch(String prefix, long fromRevision, WatchOptions options);

    /**
     * Forgets history up to {@code revision}: superseded values and deletions, never what reads see now. Blocks until done.
     *
     * @throws CompactedException when that is done already
     * @throws FutureRevisionException when the revision is above {@link #revision()}
     */
    void compact(long revision);

    /** Makes all relaxed writes acknowledged so far durable. Blocks on the disk. */
    void flush();

    /**
     * Writes a complete, compact copy of the datastore to {@code target} while reads and writes go on; blocks until it is
     * durable there. {@code target} appears whole or not at all.
     *
     * @throws StoreException with {@link Fault#TARGET_EXISTS} when something is at {@code target}, and with the other faults
     *     when it cannot be written
     */
    void backup(Path target);

    /** Sizes, lags and counts of this moment, for metrics. Never blocks on the disk's queue. */
    StoreStats stats();
}
