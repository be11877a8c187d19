package dev.kite.apiserver.watch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.conversion.Conversions;
import dev.kite.apiserver.metrics.WatchMetrics;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.Selection;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.storage.View;
import dev.kite.store.Entry;
import dev.kite.store.Range;
import dev.kite.store.Watch;
import dev.kite.store.WatchClosedException;
import dev.kite.store.WatchEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One running watch: store events in, frames out. */
final class WatchStream {
    private static final Duration BOOKMARK_EVERY = Duration.ofMinutes(1);

    private final WatchConnection connection;
    private final ApiResource resource;
    private final Conversions conversions;
    private final Selection selection;
    private final Frames frames;
    private final boolean bookmarks;
    private final CountedStream out;
    private final WatchMetrics.Sent sent;

    WatchStream(
            WatchConnection connection,
            ApiResource resource,
            Conversions conversions,
            Selection selection,
            Frames frames,
            boolean bookmarks,
            CountedStream out,
            WatchMetrics.Sent sent) {
        this.connection = connection;
        this.resource = resource;
        this.conversions = conversions;
        this.selection = selection;
        this.frames = frames;
        this.bookmarks = bookmarks;
        this.out = out;
        this.sent = sent;
    }

    /**
     * Runs until the end.
     *
     * @param watch what happens from {@code present} on
     * @param present what is sent first, null for nothing
     * @param announced whether a bookmark says when that is through
     * @param lasts how long
     * @param begun is called when that has been sent
     */
    void run(Watch watch, @Nullable Range present, boolean announced, Duration lasts, Runnable begun)
            throws IOException {
        connection.onClose(watch::close);
        if (present != null) {
            sendPresent(present, announced);
        }
        begun.run();
        long end = System.nanoTime() + lasts.toNanos();
        long nextBookmark = System.nanoTime() + BOOKMARK_EVERY.toNanos();
        long told = 0;
        try {
            while (!connection.closed()) {
                long now = System.nanoTime();
                if (now >= end) {
                    if (bookmarks) {
                        bookmark(watch.progress(), false);
                    }
                    return;
                }
                List<WatchEvent> events =
                        watch.take(Duration.ofNanos(Math.min(end - now, Math.max(1, nextBookmark - now))));
                for (WatchEvent event : events) {
                    send(event);
                }
                if (bookmarks && System.nanoTime() >= nextBookmark) {
                    nextBookmark = System.nanoTime() + BOOKMARK_EVERY.toNanos();
                    told = watch.progress() > told ? bookmark(watch.progress(), false) : told;
                }
                connection.flush();
            }
        } catch (WatchClosedException _) {
            // Closed, too slow, or the store ends: the stream ends without a word, and the client lists or watches
            // anew.
            connection.flush();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void sendPresent(Range present, boolean announced) throws IOException {
        long began = System.nanoTime();
        sent.initial(present.entries().size());
        for (Entry entry : conversions.shown(resource, present.entries())) {
            View view = View.of(entry);
            if (selection.matches(view)) {
                stored(Frames.Type.ADDED, entry, view, entry.modRevision());
            }
        }
        if (announced) {
            bookmark(present.revision(), true);
            sent.complete(System.nanoTime() - began);
        }
        connection.flush();
    }

    private void send(WatchEvent event) throws IOException {
        switch (event) {
            case WatchEvent.Put put -> put(put);
            case WatchEvent.Delete delete -> {
                Entry last = conversions.shown(resource, delete.previous());
                View view = View.of(last);
                if (selection.matches(view)) {
                    stored(Frames.Type.DELETED, last, view, delete.revision());
                }
            }
        }
    }

    /** A change is seen through the selection: what comes into it is added, what leaves it is deleted, as it was before. */
    private void put(WatchEvent.Put put) throws IOException {
        Entry entry = conversions.shown(resource, put.entry());
        Entry previous = put.previous() == null ? null : conversions.shown(resource, put.previous());
        View now = View.of(entry);
        View before = previous == null ? null : View.of(previous);
        boolean matches = selection.matches(now);
        boolean matched = before != null && selection.matches(before);
        if (matches) {
            stored(matched ? Frames.Type.MODIFIED : Frames.Type.ADDED, entry, now, put.revision());
        } else if (matched && previous != null && before != null) {
            stored(Frames.Type.DELETED, previous, before, put.revision());
        }
    }

    private void stored(Frames.Type type, Entry entry, View view, long revision) throws IOException {
        long before = out.written();
        frames.stored(type, entry, view, revision);
        sent.event(out.written() - before);
        connection.frameEnd();
    }

    private void tree(Frames.Type type, ObjectNode object) throws IOException {
        long before = out.written();
        frames.tree(type, object);
        sent.event(out.written() - before);
        connection.frameEnd();
    }

    private long bookmark(long revision, boolean endOfInitial) throws IOException {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("kind", resource.kind()).put("apiVersion", resource.apiVersion());
        ObjectNode metadata = object.putObject("metadata");
        metadata.put("resourceVersion", Long.toString(revision));
        metadata.putNull("creationTimestamp");
        if (endOfInitial) {
            metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
        }
        tree(Frames.Type.BOOKMARK, object);
        return revision;
    }

    /** Ends the watch with a Status. */
    void fail(StatusException refusal) throws IOException {
        tree(Frames.Type.ERROR, refusal.status());
        connection.flush();
    }
}
