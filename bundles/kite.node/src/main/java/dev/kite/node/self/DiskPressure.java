package dev.kite.node.self;

import dev.kite.linux.FileSystemUsage;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether this node's disk is too full to go on: less than a twentieth available (k3s's threshold), until five minutes after a tenth and a half was available again. Used by one thread.
 */
final class DiskPressure {
    private static final int LOW_PERCENT = 5;
    private static final int ENOUGH_PERCENT = 15;
    private static final Duration AFTER = Duration.ofMinutes(5);

    private boolean low;
    private @Nullable Instant seen;

    /** Notes how full the disk is. */
    void note(FileSystemUsage usage, Instant now) {
        long percent = usage.capacityBytes() == 0 ? 100 : usage.availableBytes() * 100 / usage.capacityBytes();
        low = percent < (low ? ENOUGH_PERCENT : LOW_PERCENT);
        if (low) {
            seen = now;
        }
    }

    /** Whether something has to be freed now. */
    boolean low() {
        return low;
    }

    /** Whether the Node says DiskPressure. */
    boolean pressure(Instant now) {
        Instant last = seen;
        return last != null && now.isBefore(last.plus(AFTER));
    }
}
