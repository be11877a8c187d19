package dev.kite.security.openid;

import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpRoute;
import dev.kite.security.ServiceAccountTokens;
import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Answers {@code /openid/v1/jwks}: the public keys of service account tokens. RBAC says who may ask. */
@Component
public final class KeysRoute implements HttpRoute {
    private final ServiceAccountTokens tokens;

    /**
     * Publishes their keys.
     *
     * @param tokens the issuer
     */
    @Activate
    public KeysRoute(@Reference ServiceAccountTokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public String prefix() {
        return "/openid/v1/jwks";
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        exchange.responseHeaders().set("Cache-Control", "public, max-age=3600");
        exchange.respond(200, "application/jwk-set+json", tokens.jwks());
    }
}
