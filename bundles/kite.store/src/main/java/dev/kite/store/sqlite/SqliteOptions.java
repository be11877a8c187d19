package dev.kite.store.sqlite;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where the datastore is and how it behaves.
 *
 * @param directory the folder of {@code state.db}; made if it is missing
 * @param relaxedFlush how long a relaxed write may wait for the disk, and how late an expiry may be
 * @param retain how long history is kept
 * @param minRevisions how many newest revisions are kept however old they are
 * @param maxRevisions how many are kept however new they are
 */
public record SqliteOptions(
        Path directory, Duration relaxedFlush, Duration retain, long minRevisions, long maxRevisions) {
    /** The defaults for a data directory: k3s's place, ten seconds, five minutes, 1000 to 100,000 revisions. */
    public static SqliteOptions of(Path dataDir) {
        return new SqliteOptions(
                dataDir.resolve("server").resolve("db"), Duration.ofSeconds(10), Duration.ofMinutes(5), 1000, 100_000);
    }

    /** These options with another {@link #relaxedFlush}. */
    public SqliteOptions relaxedFlush(Duration flush) {
        return new SqliteOptions(directory, flush, retain, minRevisions, maxRevisions);
    }

    /** These options with another retention. */
    public SqliteOptions retain(Duration time, long least, long most) {
        return new SqliteOptions(directory, relaxedFlush, time, least, most);
    }
}
