package dev.kite.store.engine;

import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The few states that paged lists are being read from, so that their next pages come from memory too. What is not here is
 * read from the log; losing one costs time only.
 */
final class Snapshots {
    /** A page after this long is read from the log. */
    private static final long KEEP_NANOS = 60_000_000_000L;

    private static final int MOST = 8;

    private record Pin(State state, long until) {}

    private final ArrayDeque<Pin> pins = new ArrayDeque<>();

    synchronized void keep(State state, long now) {
        Iterator<Pin> all = pins.iterator();
        while (all.hasNext()) {
            if (all.next().state.revision() == state.revision()) {
                all.remove();
            }
        }
        while (pins.size() >= MOST) {
            pins.removeFirst();
        }
        pins.addLast(new Pin(state, now + KEEP_NANOS));
    }

    synchronized @Nullable State at(long revision) {
        for (Pin pin : pins) {
            if (pin.state.revision() == revision) {
                return pin.state;
            }
        }
        return null;
    }

    /** Drops what is old; called with each publication, since only writes make an old state cost memory. */
    synchronized void expire(long now) {
        Pin oldest = pins.peekFirst();
        while (oldest != null && oldest.until - now < 0) {
            pins.removeFirst();
            oldest = pins.peekFirst();
        }
    }
}
