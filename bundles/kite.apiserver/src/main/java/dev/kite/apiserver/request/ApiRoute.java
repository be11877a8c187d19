package dev.kite.apiserver.request;

import dev.kite.api.http.BodyTooLargeException;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpHandler;
import dev.kite.apiserver.metrics.Labels;
import dev.kite.apiserver.metrics.RequestMetrics;
import dev.kite.apiserver.metrics.Waits;
import dev.kite.security.RequestInfo;
import dev.kite.store.Fault;
import dev.kite.store.StoreException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All of the API's paths: resources, and the documents and checks beside them. What goes wrong becomes a Status. Thread-safe. */
public final class ApiRoute implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ApiRoute.class);

    private final ResourceCalls resources;
    private final List<Document> documents;
    private final Responder responder;
    private final RequestMetrics metrics;
    private final WorkMemory memory;

    /** Serves calls of resources. */
    @FunctionalInterface
    public interface ResourceCalls {
        /**
         * Serves a call.
         *
         * @param call the call
         * @throws IOException if the client went away
         */
        void serve(Call call) throws IOException;
    }

    /** Something beside resources; asked in order. */
    @FunctionalInterface
    public interface Document {
        /**
         * Serves a request if it is of this.
         *
         * @param exchange the request
         * @return whether it was answered
         * @throws IOException if the client went away
         */
        boolean serve(HttpExchange exchange) throws IOException;
    }

    /**
     * The route.
     *
     * @param resources serves resources
     * @param documents what is beside them
     * @param responder writes refusals
     * @param metrics counts requests
     */
    public ApiRoute(ResourceCalls resources, List<Document> documents, Responder responder, RequestMetrics metrics) {
        this.resources = resources;
        this.documents = List.copyOf(documents);
        this.responder = responder;
        this.metrics = metrics;
        this.memory = new WorkMemory(Runtime.getRuntime().maxMemory());
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        RequestInfo info = exchange.attribute(RequestInfo.class);
        if (info == null) {
            info = RequestInfo.of(exchange.method(), exchange.path(), exchange.query());
        }
        // What documents say otherwise, they set themselves; nothing of a cluster belongs into shared caches.
        exchange.responseHeaders().set("Cache-Control", "no-cache, private");
        long began = System.nanoTime();
        Call call = info.resourceRequest() ? new Call(exchange, info) : null;
        metrics.begin(info);
        try {
            answer(exchange, call);
        } catch (IOException e) {
            metrics.aborted(exchange, info);
            throw e;
        } finally {
            metrics.end(info);
            count(exchange, info, call, System.nanoTime() - began);
        }
    }

    private void count(HttpExchange exchange, RequestInfo info, @Nullable Call call, long nanos) {
        if (call == null) {
            CountedDocuments.count(metrics, exchange, nanos);
        } else if (call.served()) {
            metrics.lasts(exchange, info, -1);
            metrics.served(exchange, info, nanos);
        }
    }

    private void answer(HttpExchange exchange, @Nullable Call call) throws IOException {
        try {
            serve(exchange, call);
        } catch (StatusException e) {
            refuse(exchange, e);
        } catch (BodyTooLargeException _) {
            refuse(exchange, Errors.tooLarge(3 * 1024 * 1024));
        } catch (StoreException e) {
            refuse(exchange, ofStore(e));
        } catch (RuntimeException e) {
            LOG.error("{} {} failed", exchange.method(), exchange.path(), e);
            refuse(exchange, Errors.internal(String.valueOf(e.getMessage())));
        }
    }

    private void serve(HttpExchange exchange, @Nullable Call call) throws IOException {
        if (call != null) {
            try (WorkMemory.Lease lease = memory.lease()) {
                exchange.attribute(WorkMemory.Lease.class, lease);
                if (call.info().verb().equals("get")
                        || call.info().verb().equals("list")
                        || Labels.longRunning(call.info())) {
                    resources.serve(call);
                } else {
                    Waits.during(exchange, () -> resources.serve(call));
                }
            }
            return;
        }
        for (Document document : documents) {
            if (document.serve(exchange)) {
                return;
            }
        }
        if (exchange.path().startsWith("/api")) {
            throw Errors.noSuchResource();
        }
        exchange.respond(
                404,
                "text/plain; charset=utf-8",
                "404 page not found\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    private void refuse(HttpExchange exchange, StatusException refusal) throws IOException {
        if (exchange.committed()) {
            // Too late for a Status: the client sees a cut answer rather than one that seems whole.
            throw new IOException("failed amid the answer: " + refusal.getMessage());
        }
        responder.refuse(exchange, refusal);
    }

    private static StatusException ofStore(StoreException e) {
        if (e.fault() == Fault.CLOSED) {
            return Errors.unavailable("the server is stopping", 1);
        }
        LOG.error("the datastore failed: {}", e.getMessage());
        return Errors.internal(String.valueOf(e.getMessage()));
    }
}
