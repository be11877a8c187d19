package dev.kite.security.authn;

import dev.kite.api.http.HttpExchange;
import dev.kite.api.security.AuthenticationException;
import dev.kite.api.security.Authenticator;
import dev.kite.api.security.UserInfo;
import dev.kite.security.ServiceAccountTokens;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** A service account's token. */
@Component(property = "service.ranking:Integer=200")
public final class ServiceAccountAuthenticator implements Authenticator {
    private final ServiceAccountTokens tokens;

    /**
     * Verifies with these.
     *
     * @param tokens verify
     */
    @Activate
    public ServiceAccountAuthenticator(@Reference ServiceAccountTokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public @Nullable UserInfo authenticate(HttpExchange exchange) throws AuthenticationException {
        String token = BearerToken.of(exchange);
        return token == null ? null : tokens.verify(token, List.of());
    }

    @Override
    public @Nullable UserInfo authenticate(String token, List<String> audiences) throws AuthenticationException {
        return tokens.verify(token, audiences);
    }
}
