package dev.kite.apiserver.watch;

import dev.kite.apiserver.storage.View;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Frames of stored objects in other forms than the stored one, made once for each revision and shared by all watches that want them. The newest
 * {@value #BOUND} to twice as many bytes are kept: a change is wanted by its watches at about the same time, and hardly later. Thread-safe.
 */
final class Transcodings {
    private static final long BOUND = 4L << 20;

    /** What a key and its place take beside the frame. */
    private static final int OVERHEAD = 128;

    private record Key(View view, long revision, Object form) {}

    private static final class Generation {
        private final ConcurrentHashMap<Key, byte[]> frames = new ConcurrentHashMap<>();
        private final LongAdder bytes = new LongAdder();
    }

    private volatile Generation young = new Generation();
    private volatile Generation old = new Generation();

    /**
     * Returns a frame.
     *
     * @param view the object at its revision, by identity
     * @param revision the event's revision: a delete's is not the object's
     * @param form all else that the frame depends on; a value
     * @param maker makes the frame where it isn't kept; other callers for the same frame wait for it
     * @return the frame, shared: not to be changed
     */
    byte[] frame(View view, long revision, Object form, Supplier<byte[]> maker) {
        Key key = new Key(view, revision, form);
        Generation now = young;
        byte[] known = now.frames.get(key);
        if (known == null) {
            known = old.frames.get(key);
        }
        if (known != null) {
            return known;
        }
        byte[] made = now.frames.computeIfAbsent(key, _ -> {
            byte[] fresh = maker.get();
            now.bytes.add(fresh.length + OVERHEAD);
            return fresh;
        });
        if (now.bytes.sum() > BOUND) {
            turn(now);
        }
        return made;
    }

    private synchronized void turn(Generation full) {
        if (young == full) {
            old = full;
            young = new Generation();
        }
    }
}
