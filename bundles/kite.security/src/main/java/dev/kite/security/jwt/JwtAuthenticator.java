package dev.kite.security.jwt;

import dev.kite.api.http.HttpExchange;
import dev.kite.api.security.AuthenticationException;
import dev.kite.api.security.Authenticator;
import dev.kite.api.security.UserInfo;
import dev.kite.security.authn.BearerToken;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** A token of one of the configured issuers. */
@Component(property = "service.ranking:Integer=90")
public final class JwtAuthenticator implements Authenticator {
    private final AuthenticationSettings settings;
    private final InstantSource clock;

    /**
     * Verifies by these settings.
     *
     * @param settings the issuers
     */
    @Activate
    public JwtAuthenticator(@Reference AuthenticationSettings settings) {
        this(settings, InstantSource.system());
    }

    JwtAuthenticator(AuthenticationSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public @Nullable UserInfo authenticate(HttpExchange exchange) throws AuthenticationException {
        String token = BearerToken.of(exchange);
        return token == null ? null : authenticate(token, List.of());
    }

    @Override
    public @Nullable UserInfo authenticate(String token, List<String> audiences) throws AuthenticationException {
        List<JwtIssuer> issuers = settings.issuers();
        SignedJwt jwt = issuers.isEmpty() ? null : SignedJwt.parse(token);
        if (jwt == null) {
            return null;
        }
        String from = jwt.claims().path("iss").asText();
        for (JwtIssuer issuer : issuers) {
            if (issuer.url().equals(from)) {
                return issuer.user(jwt, clock);
            }
        }
        return null;
    }
}
