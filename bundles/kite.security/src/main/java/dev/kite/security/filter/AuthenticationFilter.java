package dev.kite.security.filter;

import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpFilter;
import dev.kite.api.http.HttpHandler;
import dev.kite.api.security.UserInfo;
import dev.kite.security.Authentication;
import dev.kite.security.RequestInfo;
import dev.kite.security.authn.BearerToken;
import dev.kite.security.measure.SecurityMetrics;
import dev.kite.security.measure.SecurityMetrics.Attempt;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The first step: reads what is asked for, and finds out who asks. Without valid credentials the answer is 401. */
@Component
public final class AuthenticationFilter implements HttpFilter {
    private final Authentication authentication;
    private final SecurityMetrics metrics;

    /**
     * Asks this.
     *
     * @param authentication the authenticators
     * @param metrics notes how sign-ins end
     */
    @Activate
    public AuthenticationFilter(@Reference Authentication authentication, @Reference SecurityMetrics metrics) {
        this.authentication = authentication;
        this.metrics = metrics;
    }

    @Override
    public int order() {
        return 100;
    }

    @Override
    public String name() {
        return "authentication";
    }

    @Override
    public void filter(HttpExchange exchange, HttpHandler next) throws IOException {
        try {
            exchange.attribute(RequestInfo.class, RequestInfo.of(exchange.method(), exchange.path(), exchange.query()));
        } catch (IllegalArgumentException e) {
            StatusAnswer.badRequest(exchange, "the query is malformed");
            return;
        }
        // Exchanges of clients in this process come with their user.
        if (exchange.user() == null) {
            long began = System.nanoTime();
            // Taken off the request while it is asked about.
            boolean token = BearerToken.of(exchange) != null;
            UserInfo user = authentication.authenticate(exchange);
            note(user, token, System.nanoTime() - began);
            if (user == null) {
                StatusAnswer.unauthorized(exchange);
                return;
            }
            exchange.user(user);
        }
        next.handle(exchange);
    }

    private void note(@Nullable UserInfo user, boolean token, long nanos) {
        if (user != null) {
            metrics.attempt(Attempt.SUCCESS, user.name(), nanos);
        } else {
            metrics.attempt(token ? Attempt.ERROR : Attempt.FAILURE, "", nanos);
        }
    }
}
