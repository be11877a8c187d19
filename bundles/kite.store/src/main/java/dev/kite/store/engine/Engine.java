package dev.kite.store.engine;

import dev.kite.store.CompactedException;
import dev.kite.store.Deleted;
import dev.kite.store.Entry;
import dev.kite.store.Fault;
import dev.kite.store.FutureRevisionException;
import dev.kite.store.Range;
import dev.kite.store.RangeOptions;
import dev.kite.store.Store;
import dev.kite.store.StoreException;
import dev.kite.store.StoreStats;
import dev.kite.store.StoredValue;
import dev.kite.store.ValueTransformer;
import dev.kite.store.Watch;
import dev.kite.store.WatchOptions;
import dev.kite.store.WriteOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * {@link Store} over a {@link Log} that belongs to this process alone. Owns the log, the writer's thread
 * ({@code kite-store-writer}) and every watch; {@link #close} ends them all.
 */
public final class Engine implements Store, AutoCloseable {
    private final Log log;
    private final ValueTransformer transformer;
    private final Mailbox mailbox = new Mailbox();
    private final Snapshots snapshots = new Snapshots();
    private final LongSupplier clock = System::nanoTime;
    private final Hub hub;
    private final History history;
    private final Writer writer;
    private final Thread thread;
    private volatile boolean closed;

    /** Loads the log and starts. On failure the log is closed. */
    public Engine(Log log, ValueTransformer transformer, EngineOptions options) {
        this.log = log;
        this.transformer = transformer;
        history = new History(log, transformer, this::flushed);
        long now = clock.getAsLong();
        Expiry expiry = new Expiry(now, options.relaxedFlush().toNanos());
        Log.Head head;
        Index.Builder index = new Index.Builder();
        long[] bytes = new long[1];
        try {
            head = log.load(row -> {
                Entry entry = history.entry(row);
                bytes[0] += entry.value().size();
                index.add(entry);
                if (row.ttlSeconds() > 0) {
                    expiry.add(row.key(), row.revision(), row.ttlSeconds(), now);
                }
            });
        } catch (RuntimeException | Error e) {
            log.close();
            throw e;
        }
        State loaded = new State(index.build(), head.revision(), bytes[0]);
        hub = new Hub(new Window(options.windowEvents(), options.windowBytes(), head.revision()));
        writer = new Writer(log, loaded, head.compactRevision(), options, mailbox, hub, snapshots, expiry, clock);
        thread = Thread.ofPlatform().name("kite-store-writer").daemon(true).start(writer);
    }

    @Override
    public long revision() {
        return open().revision();
    }

    @Override
    public long compactRevision() {
        open();
        return writer.compacted();
    }

    @Override
    public long sync() {
        return revision();
    }

    @Override
    public boolean mayBeStale(String key) {
        return transformer.mayBeStale(key);
    }

    @Override
    public @Nullable Entry get(String key) {
        return open().index().get(key);
    }

    @Override
    public Range range(String prefix, RangeOptions options) {
        State now = open();
        long revision = options.revision();
        if (revision == 0 || revision == now.revision()) {
            return read(now, prefix, options);
        }
        if (revision > now.revision()) {
            throw new FutureRevisionException(revision, now.revision());
        }
        checkCompacted(revision);
        State pinned = snapshots.at(revision);
        return pinned == null ? history.at(prefix, options) : read(pinned, prefix, options);
    }

    private Range read(State state, String prefix, RangeOptions options) {
        Index index = state.index();
        String end = Keys.end(prefix);
        int to = end == null ? index.size() : index.rank(end);
        int from = index.rank(prefix);
        String start = options.start();
        if (start != null && start.compareTo(prefix) >= 0) {
            // The least string behind a string is that string and the least character.
            from = index.rank(options.startInclusive() ? start : start + '\0');
        }
        int limit = options.limit() == 0 ? Integer.MAX_VALUE : options.limit();
        List<Entry> entries = index.slice(from, to, limit);
        long remaining = Math.max(0, to - from - entries.size());
        if (remaining > 0) {
            snapshots.keep(state, clock.getAsLong());
        }
        return new Range(entries, remaining > 0, remaining, state.revision());
    }

    @Override
    public Entry put(String key, byte[] value, long expectedModRevision, WriteOptions options) {
        open();
        StoredValue stored = new StoredValue(value, transformer.view(key, value));
        byte[] rest = transformer.toRest(key, value);
        Request.Put put = new Request.Put(key, stored, rest, expectedModRevision, options);
        mailbox.add(put);
        return await(put.done());
    }

    @Override
    public Deleted delete(String key, long expectedModRevision, WriteOptions options) {
        open();
        Request.Delete delete = new Request.Delete(key, expectedModRevision, options, new CompletableFuture<>());
        mailbox.add(delete);
        return await(delete.done());
    }

    @Override
    public Watch watch(String prefix, long fromRevision, WatchOptions options) {
        State now = open();
        long after = fromRevision == 0 ? now.revision() : fromRevision;
        checkCompacted(after);
        Subscription subscription = new Subscription(prefix, after, options, hub, history);
        // Behind the window it attaches later, when its consumer has read up to there.
        hub.attach(subscription, after);
        return subscription;
    }

    private void checkCompacted(long revision) {
        long compacted = writer.compacted();
        if (revision < compacted) {
            throw new CompactedException(revision, compacted);
        }
    }

    @Override
    public void compact(long revision) {
        State now = open();
        if (revision > now.revision()) {
            throw new FutureRevisionException(revision, now.revision());
        }
        if (revision <= writer.compacted()) {
            throw new CompactedException(revision, writer.compacted());
        }
        Request.Compact compact = new Request.Compact(revision, new CompletableFuture<>());
        mailbox.add(compact);
        await(compact.done());
    }

    @Override
    public void flush() {
        flushed();
    }

    private long flushed() {
        open();
        Request.Flush flush = new Request.Flush(new CompletableFuture<>());
        mailbox.add(flush);
        return await(flush.done());
    }

    @Override
    public void backup(Path target) {
        flushed();
        log.backup(target);
    }

    @Override
    public StoreStats stats() {
        State now = open();
        Log.Size size = log.size();
        Hub.Counts watches = hub.counts();
        return new StoreStats(
                now.revision(),
                writer.compacted(),
                now.index().size(),
                now.valueBytes(),
                size.fileBytes(),
                size.logBytes(),
                size.freeBytes(),
                writer.writes(),
                size.commits(),
                size.bytesWritten(),
                writer.pendingRows(),
                watches.watches(),
                watches.slow());
    }

    private State open() {
        if (closed) {
            throw new StoreException(Fault.CLOSED, "the store has ended", null);
        }
        return writer.state();
    }

    /** The answer, or the exception that it is, with this thread's stack where the kind has one. */
    private static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StoreException fault) {
                throw new StoreException(fault.fault(), String.valueOf(fault.getMessage()), fault);
            }
            if (e.getCause() instanceof RuntimeException outcome) {
                throw outcome;
            }
            throw e;
        }
    }

    /** Makes relaxed writes durable, ends watches and the writer, closes the log. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        mailbox.add(new Request.Close(new CompletableFuture<>()));
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                // The writer ends by itself; giving up would leave the file open behind our back.
                interrupted = true;
            }
        }
        log.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
