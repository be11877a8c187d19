package dev.kite.store.engine;

import dev.kite.store.Fault;
import dev.kite.store.StoreException;
import dev.kite.store.WriteOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. Each round takes all requests that wait, applies the relaxed ones, commits the others in one
 * transaction, publishes, answers; then does one slice of housekeeping. It wakes for requests, for the flush of relaxed writes
 * and for expiries, and never just to look.
 *
 * <p>The order of a publication is: durable, then visible to reads, then to watches, then acknowledged.
 */
final class Writer implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);

    /** Relaxed rows beyond these bounds are flushed before their time. */
    private static final int MOST_PENDING = 8192;

    private static final long MOST_PENDING_BYTES = 16L << 20;

    /** How many revisions are reserved ahead for relaxed writes, so that a crash cannot give one out twice. */
    private static final long RESERVE = 1000;

    private final Log log;
    private final Mailbox mailbox;
    private final Hub hub;
    private final Snapshots snapshots;
    private final LongSupplier clock;
    private final long flushNanos;
    private final Pending pending = new Pending();
    private final Expiry expiry;
    private final Retention retention;
    private final List<Request.Compact> compactions = new ArrayList<>();

    private volatile State state;
    private volatile long compacted;
    private final AtomicLong writes = new AtomicLong();
    private volatile int pendingRows;

    private long reserved;
    private long flushAt = Long.MAX_VALUE;
    private boolean moreToDo;
    private boolean housekeepingFailed;
    private Request.@Nullable Close closing;

    Writer(
            Log log,
            State loaded,
            long compacted,
            EngineOptions options,
            Mailbox mailbox,
            Hub hub,
            Snapshots snapshots,
            Expiry expiry,
            LongSupplier clock) {
        this.log = log;
        this.state = loaded;
        this.compacted = compacted;
        this.mailbox = mailbox;
        this.hub = hub;
        this.snapshots = snapshots;
        this.expiry = expiry;
        this.clock = clock;
        flushNanos = options.relaxedFlush().toNanos();
        retention = new Retention(options);
        retention.observe(clock.getAsLong(), loaded.revision());
        reserved = loaded.revision();
    }

    State state() {
        return state;
    }

    long compacted() {
        return compacted;
    }

    long writes() {
        return writes.get();
    }

    int pendingRows() {
        return pendingRows;
    }

    @Override
    public void run() {
        StoreException why = new StoreException(Fault.CLOSED, "the store has ended", null);
        try {
            while (closing == null) {
                round(mailbox.take(waitNanos()));
            }
            end(closing);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            why = fatal(e);
        } catch (RuntimeException | Error e) {
            why = fatal(e);
        } finally {
            StoreException last = why;
            compactions.forEach(compaction -> compaction.done().completeExceptionally(last));
            mailbox.end(why);
            hub.close();
        }
    }

    private static StoreException fatal(Throwable e) {
        LOG.error("the store's writer failed; nothing can be written until a restart, nothing acknowledged is lost", e);
        return new StoreException(Fault.IO, "the store's writer failed: restart (" + e + ")", e);
    }

    private long waitNanos() {
        if (moreToDo) {
            return 0;
        }
        long now = clock.getAsLong();
        long flush = flushAt == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(0, flushAt - now);
        return Math.min(flush, expiry.nanosToNext(now));
    }

    /** One round; a request that fails is answered so, and the writer goes on. */
    private void round(List<Request> group) {
        List<Expiry.Due> expired = expiry.due(clock.getAsLong(), 1024);
        List<Request.Write> relaxed = new ArrayList<>();
        for (Expiry.Due due : expired) {
            relaxed.add(
                    new Request.Delete(due.key(), due.modRevision(), WriteOptions.RELAXED, new CompletableFuture<>()));
        }
        List<Request.Write> durable = new ArrayList<>();
        List<Request.Flush> flushes = new ArrayList<>();
        for (Request request : group) {
            switch (request) {
                case Request.Write write -> (write.options().relaxed() ? relaxed : durable).add(write);
                case Request.Flush flush -> flushes.add(flush);
                case Request.Compact compact -> compactions.add(compact);
                case Request.Close close -> closing = close;
            }
        }
        if (!relaxed.isEmpty() && !applyRelaxed(relaxed)) {
            long now = clock.getAsLong();
            expired.forEach(due -> expiry.add(due.key(), due.modRevision(), 1, now));
        }
        commit(durable, flushes);
        moreToDo = closing == null && housekeeping();
    }

    private boolean applyRelaxed(List<Request.Write> relaxed) {
        Staging staging = stage(relaxed);
        try {
            if (staging.state().revision() > reserved) {
                long reserve = staging.state().revision() + RESERVE;
                log.append(List.of(), reserve);
                reserved = reserve;
            }
            if (pending.size() > MOST_PENDING || pending.bytes() > MOST_PENDING_BYTES) {
                append(List.of(), true);
            }
        } catch (StoreException e) {
            staging.fail(e);
            return false;
        }
        if (pending.isEmpty() && !staging.rows().isEmpty()) {
            flushAt = clock.getAsLong() + flushNanos;
        }
        pending.add(staging.rows());
        pendingRows = pending.size();
        publish(staging);
        return true;
    }

    private Staging stage(List<Request.Write> requests) {
        Staging staging = new Staging(state);
        requests.forEach(staging::stage);
        return staging;
    }

    private void commit(List<Request.Write> durable, List<Request.Flush> flushes) {
        Staging staging = stage(durable);
        List<Log.Row> rows = staging.rows();
        boolean flush = !pending.isEmpty() && (!flushes.isEmpty() || flushDue(rows) || pending.touches(rows));
        try {
            if (!rows.isEmpty() || flush) {
                append(rows, flush);
            }
        } catch (StoreException e) {
            staging.fail(e);
            flushes.forEach(request -> request.done().completeExceptionally(e));
            if (flush) {
                LOG.warn("{} relaxed writes wait for the disk: {}", pending.size(), e.getMessage());
                flushAt = clock.getAsLong() + Math.max(flushNanos, 1_000_000_000L);
            }
            return;
        }
        publish(staging);
        flushes.forEach(request -> request.done().complete(state.revision()));
    }

    /** Whether relaxed writes must go, or have waited half their time and can join a commit that happens anyway. */
    private boolean flushDue(List<Log.Row> rows) {
        long left = flushAt - clock.getAsLong();
        return left <= 0 || (!rows.isEmpty() && left < flushNanos / 2);
    }

    /** Makes rows durable, behind the relaxed ones if these are to go too. */
    private void append(List<Log.Row> rows, boolean flush) {
        List<Log.Row> all = rows;
        if (flush) {
            all = pending.rows();
            all.addAll(rows);
        }
        long newest = all.isEmpty() ? 0 : all.getLast().revision();
        boolean relaxedInUse = reserved > state.revision() || flush;
        long reserve = relaxedInUse && newest + RESERVE / 2 > reserved ? newest + RESERVE : 0;
        log.append(all, reserve);
        reserved = Math.max(reserved, reserve);
        if (flush) {
            pending.clear();
            pendingRows = 0;
            flushAt = Long.MAX_VALUE;
        }
    }

    private void publish(Staging staging) {
        State next = staging.state();
        if (!staging.events().isEmpty()) {
            long now = clock.getAsLong();
            for (Log.Row row : staging.rows()) {
                if (row.ttlSeconds() > 0) {
                    expiry.add(row.key(), row.revision(), row.ttlSeconds(), now);
                }
            }
            state = next;
            writes.addAndGet(staging.rows().size());
            hub.publish(staging.events(), next.revision());
            retention.observe(now, next.revision());
            snapshots.expire(now);
        }
        staging.answer();
    }

    /** One slice of compaction or tidying; true when there is more. */
    private boolean housekeeping() {
        boolean busy = !mailbox.isEmpty();
        try {
            boolean compacting = compact(busy);
            boolean tidying = log.tidy(busy);
            housekeepingFailed = false;
            return compacting || tidying;
        } catch (StoreException e) {
            compactions.forEach(request -> request.done().completeExceptionally(e));
            compactions.clear();
            if (!housekeepingFailed) {
                LOG.warn("compaction waits: {}", e.getMessage());
                housekeepingFailed = true;
            }
            return false;
        }
    }

    private boolean compact(boolean busy) {
        long revision = state.revision();
        long target = retention.target(revision, compacted);
        for (Request.Compact request : compactions) {
            target = Math.max(target, request.revision());
        }
        if (target > compacted && (!busy || !compactions.isEmpty() || retention.behind(revision, compacted))) {
            if (pending.oldest() <= target) {
                append(List.of(), true);
            }
            compacted = log.compact(target);
        }
        compactions.removeIf(request -> {
            boolean done = request.revision() <= compacted;
            if (done) {
                request.done().complete(compacted);
            }
            return done;
        });
        return (target > compacted && !busy) || !compactions.isEmpty();
    }

    private void end(Request.Close close) {
        try {
            if (!pending.isEmpty() || reserved > state.revision()) {
                log.append(pending.rows(), state.revision());
            }
            close.done().complete(state.revision());
        } catch (StoreException e) {
            LOG.warn("{} relaxed writes are lost: {}", pending.size(), e.getMessage());
            close.done().completeExceptionally(e);
        }
    }
}
