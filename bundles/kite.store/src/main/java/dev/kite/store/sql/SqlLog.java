package dev.kite.store.sql;

import dev.kite.store.Fault;
import dev.kite.store.StoreException;
import dev.kite.store.engine.Log;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The log in kine's table. The writer's half uses one session on its caller's thread. The reader's half has a session and a
 * thread of its own, {@code kite-store-reader}, which ends when it had nothing to do for half a minute: a native call on a
 * caller's virtual thread would hold up its carrier.
 */
public final class SqlLog implements Log {
    private final Dialect dialect;
    private final Session writer;
    private final CompactSlice compaction = new CompactSlice();
    private final ThreadPoolExecutor readerThread;
    private @Nullable Session reader;
    private volatile @Nullable Thread readerWorker;

    /** Opens the database through the dialect, which it owns from now on. */
    public SqlLog(Dialect dialect) {
        this.dialect = dialect;
        try {
            writer = new Session(dialect.openWriter(), dialect);
        } catch (RuntimeException | Error e) {
            dialect.close();
            throw e;
        }
        readerThread = new ThreadPoolExecutor(1, 1, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::newReader);
        readerThread.allowCoreThreadTimeOut(true);
    }

    private Thread newReader(Runnable work) {
        Thread thread =
                Thread.ofPlatform().name("kite-store-reader").daemon(true).unstarted(work);
        readerWorker = thread;
        return thread;
    }

    @Override
    public Head load(Consumer<Row> live) {
        return writer.transaction(true, "loading", session -> LoadRows.run(session, dialect, live));
    }

    @Override
    public void append(List<Row> rows, long reserve) {
        try {
            writer.transaction(true, "writing", session -> {
                AppendRows.run(session, dialect, rows, reserve);
                return rows.size();
            });
        } catch (StoreException e) {
            if (rows.isEmpty() || !isThere(rows.getLast(), e)) {
                throw e;
            }
        }
    }

    /** An error while committing may come after the deed: what the database itself sees now is the truth. */
    private boolean isThere(Row row, StoreException failure) {
        try {
            return writer.queryLong("SELECT COUNT(*) FROM kine WHERE id = ? AND name = ?", row.revision(), row.key())
                    == 1;
        } catch (SQLException e) {
            failure.addSuppressed(e);
            return false;
        }
    }

    @Override
    public long compact(long target) {
        long reached = writer.transaction(true, "compacting", session -> compaction.run(session, dialect, target));
        dialect.compacted();
        return reached;
    }

    @Override
    public boolean tidy(boolean busy) {
        try {
            return dialect.tidy(writer, busy);
        } catch (SQLException e) {
            throw dialect.translate(e, "tidying");
        }
    }

    @Override
    public Changes after(String prefix, long after, long to, int limit) {
        return read(() -> reading(session -> ReadAfter.run(session, prefix, after, to, limit)));
    }

    @Override
    public Listing at(String prefix, @Nullable String start, boolean inclusive, int limit, long revision) {
        return read(() -> reading(session -> new ReadAt(session, prefix, revision).run(start, inclusive, limit)));
    }

    /** On the reader's thread. */
    private <T> T reading(Session.Work<T> work) {
        Session session = reader;
        if (session == null) {
            session = new Session(dialect.openReader(), dialect);
            reader = session;
        }
        return session.transaction(false, "reading", work);
    }

    private <T> T read(Callable<T> work) {
        try {
            Future<T> result = readerThread.submit(work);
            return uninterruptibly(result);
        } catch (RejectedExecutionException e) {
            throw new StoreException(Fault.CLOSED, "the store has ended", e);
        }
    }

    private static <T> T uninterruptibly(Future<T> result) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return result.get();
                } catch (InterruptedException e) {
                    // A read of one page is bounded; the caller sees its interrupt right after.
                    interrupted = true;
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof StoreException fault) {
                        throw new StoreException(fault.fault(), String.valueOf(fault.getMessage()), fault);
                    }
                    throw new IllegalStateException(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void backup(Path target) {
        dialect.backup(target);
    }

    @Override
    public Size size() {
        return dialect.size();
    }

    @Override
    public void close() {
        readerThread.shutdown();
        try {
            while (!readerThread.awaitTermination(1, TimeUnit.MINUTES)) {
                // A read is bounded: it ends by itself.
            }
            Thread last = readerWorker;
            if (last != null) {
                last.join();
            }
        } catch (InterruptedException e) {
            readerThread.shutdownNow();
            Thread.currentThread().interrupt();
        }
        try {
            if (reader != null) {
                reader.close();
            }
            writer.close();
        } finally {
            dialect.close();
        }
    }
}
