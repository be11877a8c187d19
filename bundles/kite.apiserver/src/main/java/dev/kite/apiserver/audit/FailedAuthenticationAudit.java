package dev.kite.apiserver.audit;

import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpFilter;
import dev.kite.api.http.HttpHandler;
import dev.kite.security.RequestInfo;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/** The step around authentication: tells of requests that end there. Thread-safe. */
final class FailedAuthenticationAudit implements HttpFilter {
    private final AuditPolicy policy;
    private final AuditSink sink;
    private final InstantSource clock;

    FailedAuthenticationAudit(AuditPolicy policy, AuditSink sink, InstantSource clock) {
        this.policy = policy;
        this.sink = sink;
        this.clock = clock;
    }

    @Override
    public int order() {
        return 50;
    }

    @Override
    public String name() {
        return "audit of failed authentication";
    }

    @Override
    public void filter(HttpExchange exchange, HttpHandler next) throws IOException {
        Instant received = clock.instant();
        next.handle(exchange);
        RequestInfo info = exchange.attribute(RequestInfo.class);
        if (exchange.user() != null || exchange.status() != 401 || info == null) {
            return;
        }
        AuditPolicy.Decision decision = policy.decide(null, info);
        if (decision.level() == AuditLevel.NONE || decision.omitted().contains(AuditStage.STARTED)) {
            return;
        }
        String given = exchange.requestHeaders().first("Authorization");
        String how = given == null || given.isBlank()
                ? ""
                : ", attempted: " + given.split(" ", 2)[0].toLowerCase(java.util.Locale.ROOT);
        AuditEvent event = new AuditEvent(decision.level(), AuditIds.of(exchange), exchange, info, null);
        event.message(401, "Failure", "Authentication failed" + how, "Unauthorized");
        sink.accept(event.at(AuditStage.STARTED, received, clock.instant(), Map.of()));
    }
}
