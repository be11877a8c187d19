package dev.kite.store.engine;

import dev.kite.store.WatchEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** The newest events, bounded by count and bytes, from which watches start without reading the disk. Guarded by its hub. */
final class Window {
    private final ArrayDeque<WatchEvent> events = new ArrayDeque<>();
    private final int maxEvents;
    private final long maxBytes;
    private long bytes;
    private long floor;

    Window(int maxEvents, long maxBytes, long floor) {
        this.maxEvents = maxEvents;
        this.maxBytes = maxBytes;
        this.floor = floor;
    }

    /** All events with greater revisions are here. */
    long floor() {
        return floor;
    }

    void add(WatchEvent event) {
        events.addLast(event);
        bytes += size(event);
        while (events.size() > maxEvents || bytes > maxBytes) {
            WatchEvent dropped = events.removeFirst();
            bytes -= size(dropped);
            floor = dropped.revision();
        }
    }

    /** Events under the prefix with revisions greater than {@code after}, which must not be below the floor. */
    List<WatchEvent> after(String prefix, long after) {
        List<WatchEvent> found = new ArrayList<>();
        Iterator<WatchEvent> newestFirst = events.descendingIterator();
        while (newestFirst.hasNext()) {
            WatchEvent event = newestFirst.next();
            if (event.revision() <= after) {
                break;
            }
            if (event.key().startsWith(prefix)) {
                found.add(event);
            }
        }
        Collections.reverse(found);
        return found;
    }

    /** Bytes of the value that the event keeps alive: its own, or a deleted one's. */
    static long size(WatchEvent event) {
        return switch (event) {
            case WatchEvent.Put put -> put.entry().value().size();
            case WatchEvent.Delete delete -> delete.previous().value().size();
        };
    }
}
