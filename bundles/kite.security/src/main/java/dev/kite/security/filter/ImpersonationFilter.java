package dev.kite.security.filter;

import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpFilter;
import dev.kite.api.http.HttpHandler;
import dev.kite.api.security.Attributes;
import dev.kite.api.security.Authorizer.Decision;
import dev.kite.api.security.Authorizer.Verdict;
import dev.kite.api.security.UserInfo;
import dev.kite.security.Authorization;
import java.io.IOException;
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
            StatusAnswer.internalError(exchange, String.valueOf(e.getMessage()));
            return;
        }
        if (wanted != null) {
            for (Attributes asked : wanted.asked()) {
                Decision decision = authorization.authorize(asked);
                if (decision.verdict() != Verdict.ALLOW) {
                    StatusAnswer.forbidden(exchange, asked, decision.reason());
                    return;
                }
            }
            Impersonation.removeHeaders(exchange.requestHeaders());
            exchange.user(wanted.user());
        }
        next.handle(exchange);
    }
}
