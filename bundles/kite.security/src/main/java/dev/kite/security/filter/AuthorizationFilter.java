package dev.kite.security.filter;

import dev.kite.api.http.AuditAnnotations;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpFilter;
import dev.kite.api.http.HttpHandler;
import dev.kite.api.security.Attributes;
import dev.kite.api.security.Authorizer.Decision;
import dev.kite.api.security.Authorizer.Verdict;
import dev.kite.api.security.UserInfo;
import dev.kite.security.Authorization;
import dev.kite.security.RequestInfo;
import dev.kite.security.measure.SecurityMetrics;
import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The last step before the route: what no authorizer allows is answered 403. */
@Component
public final class AuthorizationFilter implements HttpFilter {
    private final Authorization authorization;
    private final SecurityMetrics metrics;

    /**
     * Asks this.
     *
     * @param authorization the authorizers
     * @param metrics notes decisions
     */
    @Activate
    public AuthorizationFilter(@Reference Authorization authorization, @Reference SecurityMetrics metrics) {
        this.authorization = authorization;
        this.metrics = metrics;
    }

    @Override
    public int order() {
        return 500;
    }

    @Override
    public String name() {
        return "authorization";
    }

    @Override
    public void filter(HttpExchange exchange, HttpHandler next) throws IOException {
        UserInfo user = exchange.user();
        RequestInfo info = exchange.attribute(RequestInfo.class);
        if (user == null || info == null) {
            StatusAnswer.unauthorized(exchange);
            return;
        }
        if (Impersonation.isAsked(exchange.requestHeaders())) {
            // The step before takes these headers off; while it is not there, nobody must get the requester's own
            // rights instead.
            StatusAnswer.unavailable(exchange, "impersonation is not ready yet");
            return;
        }
        Attributes asked = info.attributes(user);
        long began = System.nanoTime();
        Decision decision = authorization.authorize(asked);
        metrics.decision(word(decision.verdict()), System.nanoTime() - began);
        AuditAnnotations audit = exchange.attribute(AuditAnnotations.class);
        if (audit != null) {
            audit.annotate("authorization.k8s.io/decision", decision.verdict() == Verdict.ALLOW ? "allow" : "forbid");
            audit.annotate("authorization.k8s.io/reason", decision.reason());
        }
        if (decision.verdict() != Verdict.ALLOW) {
            StatusAnswer.forbidden(exchange, asked, decision.reason());
            return;
        }
        next.handle(exchange);
    }

    private static String word(Verdict verdict) {
        return switch (verdict) {
            case ALLOW -> "allowed";
            case DENY -> "denied";
            case NO_OPINION -> "no-opinion";
        };
    }
}
