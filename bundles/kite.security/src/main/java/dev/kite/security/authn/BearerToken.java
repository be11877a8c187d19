package dev.kite.security.authn;

import dev.kite.api.http.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where requests carry bearer tokens: the Authorization header, or for browsers' WebSockets, which can't set it, a subprotocol. */
public final class BearerToken {
    private static final String AUTHORIZATION = "Authorization";
    private static final String PROTOCOL = "Sec-WebSocket-Protocol";
    private static final String PREFIX = "base64url.bearer.authorization.k8s.io.";

    private BearerToken() {}

    /**
     * Finds it.
     *
     * @param exchange the request
     * @return the token, or null where there is none
     */
    public static @Nullable String of(HttpExchange exchange) {
        String header = exchange.requestHeaders().first(AUTHORIZATION);
        if (header != null) {
            String[] words = header.strip().split(" +", 2);
            boolean bearer =
                    words.length == 2 && words[0].toLowerCase(Locale.ROOT).equals("bearer") && !words[1].isEmpty();
            return bearer ? words[1] : null;
        }
        return protocols(exchange).stream()
                .filter(protocol -> protocol.startsWith(PREFIX))
                .findFirst()
                .map(protocol -> decode(protocol.substring(PREFIX.length())))
                .orElse(null);
    }

    /** Takes the credentials off, so that no later step, proxy or log sees them. */
    static void remove(HttpExchange exchange) {
        exchange.requestHeaders().remove(AUTHORIZATION);
        List<String> protocols = protocols(exchange);
        if (protocols.removeIf(protocol -> protocol.startsWith(PREFIX))) {
            exchange.requestHeaders().remove(PROTOCOL);
            if (!protocols.isEmpty()) {
                exchange.requestHeaders().set(PROTOCOL, String.join(", ", protocols));
            }
        }
    }

    private static List<String> protocols(HttpExchange exchange) {
        List<String> protocols = new ArrayList<>();
        for (String value : exchange.requestHeaders().all(PROTOCOL)) {
            for (String protocol : value.split(",")) {
                protocols.add(protocol.strip());
            }
        }
        return protocols;
    }

    private static @Nullable String decode(String encoded) {
        try {
            return new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
