package dev.kite.apiserver.watch;

import dev.kite.api.http.HttpExchange;
import dev.kite.apiserver.conversion.Conversions;
import dev.kite.apiserver.metrics.Labels;
import dev.kite.apiserver.metrics.WatchMetrics;
import dev.kite.apiserver.registry.Answers;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.Fresh;
import dev.kite.apiserver.registry.ObjectShape;
import dev.kite.apiserver.registry.Selection;
import dev.kite.apiserver.registry.Selections;
import dev.kite.apiserver.registry.Verb;
import dev.kite.apiserver.request.Accepted;
import dev.kite.apiserver.request.Call;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.request.ListOptions;
import dev.kite.apiserver.request.MediaType;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.request.WatchInitialization;
import dev.kite.apiserver.request.WatchLifetime;
import dev.kite.apiserver.storage.Keys;
import dev.kite.apiserver.storage.Objects;
import dev.kite.http.stream.WebSocketHandshake;
import dev.kite.store.CompactedException;
import dev.kite.store.Range;
import dev.kite.store.RangeOptions;
import dev.kite.store.Store;
import dev.kite.store.Watch;
import dev.kite.store.WatchOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Watches objects, on the request's own virtual thread, until the client goes, its time is over or history is gone. */
public final class WatchVerb implements Verb {
    /** For ever, for a watch. */
    private static final int YEARS = 1_000_000_000;

    /** The forms in which a watch can be had. */
    private static final List<String> STREAMS =
            List.of(MediaType.JSON + ";stream=watch", MediaType.PROTOBUF + ";stream=watch");

    private final Transcodings transcodings = new Transcodings();
    private final Store store;
    private final Conversions conversions;
    private final Selections selections;
    private final Answers answers;
    private final WatchMetrics metrics;

    /**
     * The verb.
     *
     * @param objects the objects
     * @param selections parses selectors
     * @param answers shapes objects
     * @param metrics counts events
     */
    public WatchVerb(Objects objects, Selections selections, Answers answers, WatchMetrics metrics) {
        this.store = objects.store();
        this.conversions = objects.conversions();
        this.selections = selections;
        this.answers = answers;
        this.metrics = metrics;
    }

    @Override
    public void serve(Call call, ApiResource resource) throws IOException {
        ListOptions options = ListOptions.of(call.query(), true);
        if (!call.info().name().isEmpty()) {
            // The watch of one object, by its path, is that of all with its name selected.
            options = options.named(call.info().name());
        }
        Selection selection = selections.of(resource, options);
        Accepted accepted = resource.accepted(call).plain();
        if (accepted.encoding() == Accepted.Encoding.YAML) {
            throw Errors.notAcceptable(STREAMS);
        }
        String namespace = resource.namespaced() ? call.info().namespace() : "";
        String only = selection.onlyKey(resource, namespace);
        String prefix = only != null ? only : Keys.in(resource.stored().folder(), namespace);
        ObjectShape shape = answers.shape(call, resource, accepted);
        WatchConnection connection = connect(call.exchange(), accepted);
        if (connection == null) {
            return;
        }
        try (connection) {
            CountedStream out = new CountedStream(connection.out());
            Frames frames = answers.copies(accepted, resource)
                    ? new CopyingFrames(out)
                    : new TranscodingFrames(out, accepted, answers.responder(), shape, transcodings);
            WatchMetrics.Sent sent =
                    metrics.begin(resource.group(), resource.version(), resource.plural(), Labels.scope(call.info()));
            serve(
                    prefix,
                    options,
                    new WatchStream(
                            connection, resource, conversions, selection, frames, options.bookmarks(), out, sent),
                    Course.of(call.exchange(), options));
        }
    }

    /** Once a watch has begun, what is wrong is an event of it. */
    private void serve(String prefix, ListOptions options, WatchStream stream, Course course) throws IOException {
        try {
            if (options.resourceVersion().isEmpty() || options.initialEvents()) {
                Fresh.await(store, options.resourceVersion().isEmpty(), options.revision());
            }
            follow(prefix, options, stream, course);
        } catch (CompactedException e) {
            stream.fail(
                    Errors.expired("too old resource version: " + e.requested() + " (" + e.compactRevision() + ")"));
        } catch (StatusException e) {
            stream.fail(e);
        }
    }

    private void follow(String prefix, ListOptions options, WatchStream stream, Course course) throws IOException {
        boolean initial = options.initialEvents();
        long from = options.revision();
        Range present = null;
        if (initial) {
            present = store.range(prefix, RangeOptions.ALL);
            from = present.revision();
        } else if (from == 0) {
            from = store.revision();
        }
        try (Watch watch = store.watch(prefix, from, WatchOptions.DEFAULT)) {
            stream.run(watch, present, initial && options.bookmarks(), course.lasts(), course.begun());
        }
    }

    /** How long a watch lasts, and whom to tell that it has sent what is there. */
    private record Course(Duration lasts, Runnable begun) {
        static Course of(HttpExchange exchange, ListOptions options) {
            WatchInitialization begins = exchange.attribute(WatchInitialization.class);
            return new Course(
                    Duration.ofSeconds(
                            options.timeoutSeconds() != null && options.timeoutSeconds() > 0
                                    ? options.timeoutSeconds()
                                    : lasts(exchange.attribute(WatchLifetime.class))),
                    begins == null ? () -> {} : begins::done);
        }

        private static int lasts(@Nullable WatchLifetime lifetime) {
            int least = (lifetime == null ? WatchLifetime.DEFAULT : lifetime).seconds();
            // Spread, so that clients of one moment don't come back at one moment.
            return least <= 0 ? YEARS : least + ThreadLocalRandom.current().nextInt(least);
        }
    }

    private static @Nullable WatchConnection connect(HttpExchange exchange, Accepted accepted) throws IOException {
        boolean json = accepted.encoding() == Accepted.Encoding.JSON;
        if (WebSocketHandshake.asks(exchange)) {
            return SocketConnection.accept(exchange, json, json ? 0 : Integer.BYTES);
        }
        exchange.status(200);
        String type = accepted.encoding().mediaType();
        exchange.responseHeaders().set("Content-Type", json ? type : type + ";stream=watch");
        exchange.responseHeaders().set("Cache-Control", "no-cache, private");
        // The header goes out at once: clients wait for it before they list.
        exchange.responseBody().flush();
        return WatchConnection.body(exchange);
    }
}
