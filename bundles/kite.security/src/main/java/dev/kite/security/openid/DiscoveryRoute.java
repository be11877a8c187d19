package dev.kite.security.openid;

import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpRoute;
import dev.kite.security.ServiceAccountTokens;
import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Answers {@code /.well-known/openid-configuration}: who issues tokens and where the keys are. RBAC says who may ask. */
@Component
public final class DiscoveryRoute implements HttpRoute {
    private final ServiceAccountTokens tokens;

    /**
     * Describes these.
     *
     * @param tokens the issuer
     */
    @Activate
    public DiscoveryRoute(@Reference ServiceAccountTokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public String prefix() {
        return "/.well-known/openid-configuration";
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        exchange.responseHeaders().set("Cache-Control", "public, max-age=3600");
        exchange.respond(200, "application/json", tokens.discovery());
    }
}
