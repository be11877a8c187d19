package dev.kite.apiserver.watch;

import dev.kite.api.http.HttpExchange;
import dev.kite.apiserver.registry.Answers;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.Fresh;
import dev.kite.apiserver.registry.Selection;
import dev.kite.apiserver.registry.Selections;
import dev.kite.apiserver.registry.Verb;
import dev.kite.apiserver.request.Accepted;
import dev.kite.apiserver.request.Call;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.request.ListOptions;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.storage.Keys;
import dev.kite.store.CompactedException;
import dev.kite.store.Range;
import dev.kite.store.RangeOptions;
import dev.kite.store.Store;
import dev.kite.store.Watch;
import dev.kite.store.WatchOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Watches objects, on the request's own virtual thread, until the client goes, its time is over or history is gone. */
public final class WatchVerb implements Verb {
    /** kube-apiserver's --min-request-timeout: a watch lasts this long, up to twice that. */
    private static final int MIN_SECONDS = 1800;

    private final Store store;
    private final Selections selections;
    private final Answers answers;

    /**
     * The verb.
     *
     * @param store the store
     * @param selections parses selectors
     * @param answers shapes objects
     */
    public WatchVerb(Store store, Selections selections, Answers answers) {
        this.store = store;
        this.selections = selections;
        this.answers = answers;
    }

    @Override
    public void serve(Call call, ApiResource resource) throws IOException {
        ListOptions options = ListOptions.of(call.query(), true);
        if (!call.info().name().isEmpty()) {
            // The watch of one object, by its path, is that of all with its name selected.
            options = options.named(call.info().name());
        }
        Selection selection = selections.of(resource, options);
        Accepted accepted = call.accepted(true);
        String namespace = resource.namespaced() ? call.info().namespace() : "";
        String only = selection.onlyKey(resource, namespace);
        String prefix = only != null ? only : Keys.in(resource.stored().folder(), namespace);
        HttpExchange exchange = call.exchange();
        Frames frames = answers.copies(accepted, resource)
                ? new CopyingFrames(exchange.responseBody())
                : new TranscodingFrames(
                        exchange.responseBody(),
                        accepted,
                        answers.responder(),
                        answers.shape(call, resource, accepted));
        if (options.resourceVersion().isEmpty() || Boolean.TRUE.equals(options.sendInitialEvents())) {
            Fresh.await(store, options.resourceVersion().isEmpty(), options.revision());
        }
        start(exchange, accepted);
        WatchStream stream = new WatchStream(exchange, resource, selection, frames, options.bookmarks());
        try {
            follow(prefix, options, stream);
        } catch (CompactedException e) {
            stream.fail(
                    Errors.expired("too old resource version: " + e.requested() + " (" + e.compactRevision() + ")"));
        } catch (StatusException e) {
            stream.fail(e);
        }
    }

    private void follow(String prefix, ListOptions options, WatchStream stream) throws IOException {
        boolean initial = options.sendInitialEvents() == null
                ? options.revision() == 0
                : Boolean.TRUE.equals(options.sendInitialEvents());
        long from = options.revision();
        Range present = null;
        if (initial) {
            present = store.range(prefix, RangeOptions.ALL);
            from = present.revision();
        } else if (from == 0) {
            from = store.revision();
        }
        int seconds = options.timeoutSeconds() != null && options.timeoutSeconds() > 0
                ? options.timeoutSeconds()
                : MIN_SECONDS + ThreadLocalRandom.current().nextInt(MIN_SECONDS);
        try (Watch watch = store.watch(prefix, from, WatchOptions.DEFAULT)) {
            stream.run(watch, present, options.sendInitialEvents() != null, Duration.ofSeconds(seconds));
        }
    }

    private static void start(HttpExchange exchange, Accepted accepted) throws IOException {
        exchange.status(200);
        String type = accepted.encoding().mediaType();
        exchange.responseHeaders()
                .set("Content-Type", accepted.encoding() == Accepted.Encoding.JSON ? type : type + ";stream=watch");
        exchange.responseHeaders().set("Cache-Control", "no-cache, private");
        // The header goes out at once: clients wait for it before they list.
        exchange.responseBody().flush();
    }
}
