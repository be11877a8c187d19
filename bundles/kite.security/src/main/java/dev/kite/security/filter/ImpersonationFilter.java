package dev.kite.security.filter;

import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpFilter;
import dev.kite.api.http.HttpHandler;
import dev.kite.api.security.Attributes;
import dev.kite.api.security.Authorizer.Decision;
import dev.kite.api.security.Authorizer.Verdict;
import dev.kite.api.security.UserInfo;
import dev.kite.security.Authorization;
import dev.kite.security.RequestInfo;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Lets who may impersonate speak for another: kubectl's --as, --as-group and --as-uid. */
@Component
public final class ImpersonationFilter implements HttpFilter {
    private final Authorization authorization;

    /**
     * Asks this whether they may.
     *
     * @param authorization the authorizers
     */
    @Activate
    public ImpersonationFilter(@Reference Authorization authorization) {
        this.authorization = authorization;
    }

    @Override
    public int order() {
        return 300;
    }

    @Override
    public String name() {
        return "impersonation";
    }

    /** Whom it may speak for: by the first mode that allows it, and in the end by the verb impersonate. Null where none does, which the first that could have has answered. */
    private @Nullable UserInfo allowed(HttpExchange exchange, UserInfo requester, Impersonation wanted)
            throws IOException {
        RequestInfo info = exchange.attribute(RequestInfo.class);
        Refusal first = null;
        for (ConstrainedImpersonation mode : ConstrainedImpersonation.values()) {
            if (info != null && mode.applies(requester, wanted)) {
                Refusal refusal = refusal(mode.checks(info.attributes(requester), wanted));
                if (refusal == null) {
                    return mode.user(wanted);
                }
                first = first == null ? refusal : first;
            }
        }
        Refusal refusal = refusal(wanted.asked());
        if (refusal == null) {
            return wanted.user();
        }
        Refusal told = first == null ? refusal : first;
        StatusAnswer.forbidden(exchange, told.asked(), told.reason());
        return null;
    }

    private record Refusal(Attributes asked, String reason) {}

    private @Nullable Refusal refusal(List<Attributes> all) {
        for (Attributes asked : all) {
            String never = ConstrainedImpersonation.never(asked);
            Decision decision = never.isEmpty() ? authorization.authorize(asked) : new Decision(Verdict.DENY, never);
            if (decision.verdict() != Verdict.ALLOW) {
                return new Refusal(asked, decision.reason());
            }
        }
        return null;
    }

    @Override
    public void filter(HttpExchange exchange, HttpHandler next) throws IOException {
        UserInfo requester = exchange.user();
        if (requester == null) {
            StatusAnswer.unauthorized(exchange);
            return;
        }
        Impersonation wanted;
        try {
            wanted = Impersonation.read(exchange.requestHeaders(), requester);
        } catch (IllegalArgumentException e) {
            StatusAnswer.badRequest(exchange, String.valueOf(e.getMessage()));
            return;
        }
        if (wanted != null) {
            Impersonation.removeHeaders(exchange.requestHeaders());
            UserInfo allowed = allowed(exchange, requester, wanted);
            if (allowed == null) {
                return;
            }
            exchange.user(allowed);
        }
        next.handle(exchange);
    }
}
