package dev.kite.api.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Events of a watch, taken by one thread.
 *
 * @param <T> the objects' type
 */
public interface Watch<T> extends AutoCloseable {
    /**
     * Waits for the next event.
     *
     * @param patience how long
     * @return the event, or null when none came in time
     * @throws WatchEndedException when the watch is over: watch again from the last resourceVersion, or list when it is expired (410)
     * @throws InterruptedException if the thread is interrupted
     */
    @Nullable
    WatchEvent<T> next(Duration patience) throws WatchEndedException, InterruptedException;

    @Override
    void close();
}
