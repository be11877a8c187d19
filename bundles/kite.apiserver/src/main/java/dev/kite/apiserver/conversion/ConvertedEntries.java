package dev.kite.apiserver.conversion;

import dev.kite.apiserver.custom.CustomVersions;
import dev.kite.apiserver.storage.View;
import dev.kite.store.Entry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Objects in versions in which they aren't stored, kept for lists and watches as long as neither they nor their definition change. The newest {@value #BOUND} to
 * twice as many bytes are kept. Thread-safe.
 */
final class ConvertedEntries {
    private static final long BOUND = 8L << 20;

    /** What a key and its place take beside the object. */
    private static final int OVERHEAD = 200;

    /** An object at its revision and the versions, both by identity: neither has an equality of its own. */
    record Key(View view, CustomVersions versions, String version) {
        static @Nullable Key of(Entry entry, CustomVersions versions, String version) {
            return entry.value().view() instanceof View view ? new Key(view, versions, version) : null;
        }
    }

    private static final class Generation {
        private final ConcurrentHashMap<Key, CompletableFuture<Entry>> entries = new ConcurrentHashMap<>();
        private final LongAdder bytes = new LongAdder();
    }

    private volatile Generation young = new Generation();
    private volatile Generation old = new Generation();

    /** The object, null where it isn't kept, or is being made. */
    @Nullable
    Entry known(@Nullable Key key) {
        if (key == null) {
            return null;
        }
        CompletableFuture<Entry> found = young.entries.get(key);
        if (found == null) {
            found = old.entries.get(key);
        }
        return found != null && found.state() == java.util.concurrent.Future.State.SUCCESS ? found.resultNow() : null;
    }

    void keep(@Nullable Key key, Entry made) {
        if (key != null) {
            Generation now = young;
            now.entries.put(key, CompletableFuture.completedFuture(made));
            count(now, made);
        }
    }

    /** The object, made at most once at a time: who asks for it meanwhile waits, and gets what came of it. */
    Entry get(@Nullable Key key, Supplier<Entry> maker) {
        Entry known = known(key);
        if (known != null) {
            return known;
        }
        if (key == null) {
            return maker.get();
        }
        Generation now = young;
        CompletableFuture<Entry> mine = new CompletableFuture<>();
        CompletableFuture<Entry> theirs = now.entries.putIfAbsent(key, mine);
        if (theirs != null) {
            return join(theirs);
        }
        try {
            Entry made = maker.get();
            mine.complete(made);
            count(now, made);
            return made;
        } catch (RuntimeException | Error e) {
            now.entries.remove(key, mine);
            mine.completeExceptionally(e);
            throw e;
        }
    }

    private static Entry join(CompletableFuture<Entry> theirs) {
        try {
            return theirs.join();
        } catch (java.util.concurrent.CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }

    private void count(Generation now, Entry made) {
        now.bytes.add(made.bytes().length + OVERHEAD);
        if (now.bytes.sum() > BOUND) {
            turn(now);
        }
    }

    private synchronized void turn(Generation full) {
        if (young == full) {
            old = full;
            young = new Generation();
        }
    }
}
