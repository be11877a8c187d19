package dev.kite.store;

/**
 * A store's figures of one moment. Counters count from the store's start.
 *
 * @param revision the newest revision
 * @param compactRevision the compacted revision; the difference is the compaction lag
 * @param keys live keys
 * @param valueBytes bytes of their values in the index
 * @param fileBytes the datastore on disk, its log included
 * @param logBytes its write-ahead log alone
 * @param freeBytes part of the file that is free for reuse
 * @param writes acknowledged writes
 * @param commits transactions made durable: each is one sync of the disk
 * @param bytesWritten bytes handed to the disk by commits and checkpoints, an estimate from pages
 * @param pendingRelaxed relaxed writes that are not durable yet
 * @param watches running watches
 * @param slowWatches watches closed as too slow
 */
public record StoreStats(
        long revision,
        long compactRevision,
        long keys,
        long valueBytes,
        long fileBytes,
        long logBytes,
        long freeBytes,
        long writes,
        long commits,
        long bytesWritten,
        long pendingRelaxed,
        long watches,
        long slowWatches) {}
