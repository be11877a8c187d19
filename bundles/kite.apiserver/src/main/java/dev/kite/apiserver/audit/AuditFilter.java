package dev.kite.apiserver.audit;

import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpFilter;
import dev.kite.api.http.HttpHandler;
import dev.kite.api.security.UserInfo;
import dev.kite.apiserver.metrics.AuditMetrics;
import dev.kite.security.RequestInfo;
import java.io.IOException;
import java.time.InstantSource;

/** The step after authentication: tells what the policy wants told of each request. Thread-safe. */
final class AuditFilter implements HttpFilter {
    private final AuditPolicy policy;
    private final AuditSink sink;
    private final boolean strict;
    private final InstantSource clock;
    private final AuditMetrics metrics;

    AuditFilter(AuditPolicy policy, AuditSink sink, boolean strict, InstantSource clock, AuditMetrics metrics) {
        this.metrics = metrics;
        this.policy = policy;
        this.sink = sink;
        this.strict = strict;
        this.clock = clock;
    }

    @Override
    public int order() {
        return 200;
    }

    @Override
    public String name() {
        return "audit";
    }

    @Override
    public void filter(HttpExchange exchange, HttpHandler next) throws IOException {
        UserInfo user = exchange.user();
        RequestInfo info = exchange.attribute(RequestInfo.class);
        if (info == null) {
            info = RequestInfo.of(exchange.method(), exchange.path(), exchange.query());
        }
        AuditPolicy.Decision decision = policy.decide(user, info);
        metrics.level(decision.level().word());
        String id = AuditIds.of(exchange);
        exchange.responseHeaders().set(AuditIds.HEADER, id);
        if (decision.level() == AuditLevel.NONE) {
            next.handle(exchange);
            return;
        }
        new AuditedRequest(exchange, info, user, id, decision, sink, clock)
                .serve(next, strict ? metrics::rejected : null);
    }
}
