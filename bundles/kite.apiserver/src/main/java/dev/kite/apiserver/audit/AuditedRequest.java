package dev.kite.apiserver.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.http.AuditAnnotations;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpHandler;
import dev.kite.api.security.UserInfo;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.storage.Trees;
import dev.kite.security.RequestInfo;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One request that is told of: its stages, its bodies where the level has them. Of one thread. */
final class AuditedRequest {
    private static final int MOST_ANNOTATIONS = 256;
    private static final int LONGEST_ANNOTATION = 10 * 1024;
    private static final Set<String> LONG_RUNNING = Set.of("attach", "exec", "proxy", "log", "portforward");
    private static final Set<String> WITH_OBJECT = Set.of("create", "update", "patch", "delete", "deletecollection");

    private final HttpExchange exchange;
    private final RequestInfo info;
    private final AuditPolicy.Decision decision;
    private final AuditSink sink;
    private final InstantSource clock;
    private final Instant received;
    private final AuditEvent event;
    /** What later steps say, from several threads. */
    private final Map<String, String> annotations = new ConcurrentHashMap<>();

    private final AuditedExchange audited;

    AuditedRequest(
            HttpExchange exchange,
            RequestInfo info,
            @Nullable UserInfo user,
            String id,
            AuditPolicy.Decision decision,
            AuditSink sink,
            InstantSource clock) {
        this.exchange = exchange;
        this.info = info;
        this.decision = decision;
        this.sink = sink;
        this.clock = clock;
        this.received = clock.instant();
        this.event = new AuditEvent(decision.level(), id, exchange, info, user);
        boolean whole = decision.level() == AuditLevel.REQUEST_RESPONSE && info.resourceRequest() && !longRunning();
        if (whole) {
            // What is told must be readable: a compressed answer is not.
            exchange.requestHeaders().remove("Accept-Encoding");
        }
        this.audited = new AuditedExchange(exchange, hasObject(), whole, this::started);
    }

    private boolean longRunning() {
        return info.verb().equals("watch") || info.verb().equals("proxy") || LONG_RUNNING.contains(info.subresource());
    }

    private boolean hasObject() {
        return info.resourceRequest() && WITH_OBJECT.contains(info.verb()) && !longRunning();
    }

    /**
     * Serves the request.
     *
     * @param next the steps after this
     * @param rejected told where a request that can't be audited is refused; null where it is served all the same
     */
    void serve(HttpHandler next, @Nullable Runnable rejected) throws IOException {
        if (!tell(AuditStage.RECEIVED) && rejected != null) {
            rejected.run();
            byte[] status =
                    Trees.write(Errors.internal("failed to audit the request").status());
            exchange.respond(500, "application/json", status);
            return;
        }
        exchange.attribute(AuditAnnotations.class, this::annotate);
        try {
            next.handle(audited);
        } catch (RuntimeException | StackOverflowError failure) {
            describe();
            event.message(500, "Failure", "APIServer panic'd: " + failure, "InternalError");
            tell(AuditStage.PANIC);
            throw failure;
        } catch (IOException broken) {
            complete();
            throw broken;
        }
        complete();
    }

    private void annotate(String key, String value) {
        if (annotations.size() < MOST_ANNOTATIONS) {
            annotations.putIfAbsent(
                    key, value.length() > LONGEST_ANNOTATION ? value.substring(0, LONGEST_ANNOTATION) : value);
        }
    }

    private void started() {
        if (longRunning()) {
            impersonation();
            event.responseStatus(exchange.status(), null);
            tell(AuditStage.STARTED);
        }
    }

    private void complete() {
        describe();
        JsonNode answer = tree(audited.answered(), exchange.responseHeaders().first("Content-Type"));
        int code = exchange.status();
        event.responseStatus(code, code >= 400 ? answer : null);
        if (answer != null && decision.level() == AuditLevel.REQUEST_RESPONSE && info.resourceRequest()) {
            event.responseObject(answer);
        }
        tell(AuditStage.COMPLETE);
    }

    private void describe() {
        impersonation();
        JsonNode object = tree(audited.sent(), exchange.requestHeaders().first("Content-Type"));
        if (object != null) {
            if (!info.verb().startsWith("delete")) {
                event.about(object);
            }
            if (decision.level().atLeast(AuditLevel.REQUEST)) {
                event.requestObject(object);
            }
        }
    }

    private void impersonation() {
        UserInfo as = audited.impersonated();
        if (as != null) {
            event.impersonated(as);
        }
    }

    private @Nullable JsonNode tree(Captured body, @Nullable String type) {
        if (body.tooLarge()) {
            annotations.put("audit.k8s.io/truncated", "true");
            return null;
        }
        JsonNode tree = BodyTrees.read(body.bytes(), type);
        if (tree instanceof ObjectNode object && decision.omitManagedFields()) {
            withoutManagedFields(object);
            object.path("items").forEach(AuditedRequest::withoutManagedFields);
        }
        return tree;
    }

    private static void withoutManagedFields(JsonNode object) {
        if (object.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields");
        }
    }

    private boolean tell(AuditStage stage) {
        if (decision.omitted().contains(stage)) {
            return true;
        }
        return sink.accept(event.at(stage, received, clock.instant(), annotations));
    }
}
