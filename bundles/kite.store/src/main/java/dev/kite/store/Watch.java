package dev.kite.store;

import java.time.Duration;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** A running watch, for one consumer thread at a time; {@link #close} may come from any thread. */
@ProviderType
public interface Watch extends AutoCloseable {
    /**
     * The next events, in order of revision: waits until there is at least one, or the time is over (then the list is
     * empty). Returns what is there without waiting for more, at most {@link WatchOptions#batch()}.
     *
     * @throws WatchClosedException when the watch has ended; its reason says why
     * @throws CompactedException when history that this watch had yet to read was compacted
     * @throws InterruptedException when the thread was interrupted while it waited
     */
    List<WatchEvent> take(Duration timeout) throws InterruptedException;

    /**
     * The revision up to which {@link #take} has returned every event: what a bookmark may carry. Never decreases.
     */
    long progress();

    /** Ends the watch; a waiting {@link #take} throws. Idempotent. */
    @Override
    void close();
}
