package dev.kite.store.engine;

import dev.kite.store.ConflictException;
import dev.kite.store.Deleted;
import dev.kite.store.Entry;
import dev.kite.store.NotFoundException;
import dev.kite.store.Store;
import dev.kite.store.WatchEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a group of writes does, on values alone: each sees those before it. Nothing is visible to anyone until the
 * writer has made {@link #rows} durable and published {@link #state}; if that fails, a staging is thrown away.
 */
final class Staging {
    private Index index;
    private long revision;
    private long valueBytes;
    private final List<WatchEvent> events = new ArrayList<>();
    private final List<Log.Row> rows = new ArrayList<>();
    private final List<Runnable> answers = new ArrayList<>();
    private final List<Request.Write> requests = new ArrayList<>();

    Staging(State base) {
        index = base.index();
        revision = base.revision();
        valueBytes = base.valueBytes();
    }

    void stage(Request.Write write) {
        requests.add(write);
        Entry current = index.get(write.key());
        switch (write) {
            case Request.Put put -> put(put, current);
            case Request.Delete delete -> delete(delete, current);
        }
    }

    private void put(Request.Put put, @Nullable Entry current) {
        long found = current == null ? Store.ABSENT : current.modRevision();
        if (put.expected() != Store.ANY && put.expected() != found) {
            conflict(put, current);
            return;
        }
        revision++;
        long created = current == null ? revision : current.createRevision();
        Entry entry = new Entry(put.key(), put.value(), created, revision);
        index = index.with(entry);
        valueBytes +=
                entry.value().size() - (current == null ? 0 : current.value().size());
        events.add(new WatchEvent.Put(entry, current));
        Log.Kind kind = current == null ? Log.Kind.CREATE : Log.Kind.UPDATE;
        rows.add(new Log.Row(revision, put.key(), kind, created, put.options().ttlSeconds(), put.rest()));
        answers.add(() -> put.done().complete(entry));
    }

    private void delete(Request.Delete delete, @Nullable Entry current) {
        if (current == null) {
            NotFoundException missing = new NotFoundException(delete.key(), revision);
            answers.add(() -> delete.done().completeExceptionally(missing));
            return;
        }
        if (delete.expected() != Store.ANY && delete.expected() != current.modRevision()) {
            conflict(delete, current);
            return;
        }
        revision++;
        Deleted deleted = new Deleted(current, revision);
        index = index.without(delete.key());
        valueBytes -= current.value().size();
        events.add(new WatchEvent.Delete(current, revision));
        rows.add(new Log.Row(revision, delete.key(), Log.Kind.DELETE, current.createRevision(), 0, null));
        answers.add(() -> delete.done().complete(deleted));
    }

    private void conflict(Request.Write write, @Nullable Entry current) {
        ConflictException conflict = new ConflictException(write.key(), write.expected(), current, revision);
        answers.add(() -> write.done().completeExceptionally(conflict));
    }

    State state() {
        return new State(index, revision, valueBytes);
    }

    List<WatchEvent> events() {
        return events;
    }

    List<Log.Row> rows() {
        return rows;
    }

    /** Tells every caller its outcome. */
    void answer() {
        answers.forEach(Runnable::run);
    }

    /** Tells every caller that nothing happened, conflicts included: they were found against what did not happen. */
    void fail(RuntimeException why) {
        for (Request.Write request : requests) {
            request.done().completeExceptionally(why);
        }
    }
}
