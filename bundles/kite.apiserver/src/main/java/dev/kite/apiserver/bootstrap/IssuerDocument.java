package dev.kite.apiserver.bootstrap;

import dev.kite.api.http.HttpExchange;
import dev.kite.apiserver.request.ApiRoute;
import dev.kite.security.ServiceAccountTokens;
import java.io.IOException;

/** Answers where verifiers of service account tokens find the issuer and its keys (OpenID Connect Discovery 1.0). */
final class IssuerDocument implements ApiRoute.Document {
    private final ServiceAccountTokens tokens;

    IssuerDocument(ServiceAccountTokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public boolean serve(HttpExchange exchange) throws IOException {
        switch (exchange.path()) {
            case "/.well-known/openid-configuration" -> answer(exchange, "application/json", tokens.discovery());
            case "/openid/v1/jwks" -> answer(exchange, "application/jwk-set+json", tokens.jwks());
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void answer(HttpExchange exchange, String type, byte[] body) throws IOException {
        exchange.responseHeaders().set("Cache-Control", "public, max-age=3600");
        exchange.respond(200, type, body);
    }
}
