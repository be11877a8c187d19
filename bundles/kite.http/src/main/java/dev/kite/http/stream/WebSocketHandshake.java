package dev.kite.http.stream;

import dev.kite.api.http.HttpExchange;
import dev.kite.http.HttpClient;
import dev.kite.http.HttpClientRequest;
import dev.kite.http.UpgradeResponse;
import dev.kite.http.message.Statuses;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The opening handshake of WebSocket (RFC 6455, 4), either side. */
public final class WebSocketHandshake {
    /** RFC 6455, 1.3. */
    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private static final SecureRandom RANDOM = new SecureRandom();

    private WebSocketHandshake() {}

    /**
     * Tells whether a request asks for WebSocket.
     *
     * @param exchange the request
     * @return whether it asks for the upgrade
     */
    public static boolean asks(HttpExchange exchange) {
        return exchange.upgradable() && exchange.requestHeaders().hasToken("Upgrade", "websocket");
    }

    /**
     * Returns the subprotocols that a client offers.
     *
     * @param exchange the request
     * @return their names in the client's order
     */
    public static List<String> offered(HttpExchange exchange) {
        return exchange.requestHeaders().all("Sec-WebSocket-Protocol").stream()
                .flatMap(value -> List.of(value.split(",")).stream())
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /**
     * Answers a client: takes the first subprotocol of its order that is supported. A client that offers none gets one without name if {@code supported} has
     * the empty string. Where it cannot be, the exchange is answered 400 or 426.
     *
     * @param exchange the request
     * @param supported the subprotocols supported
     * @param limit the largest message taken, in bytes
     * @return the connection, null where the exchange has been answered otherwise
     * @throws IOException if the client went away
     */
    public static @Nullable WebSocket accept(HttpExchange exchange, List<String> supported, int limit)
            throws IOException {
        if (!asks(exchange)) {
            Statuses.respond(exchange, 400, "BadRequest", "Upgrade request required");
            return null;
        }
        if (!"13".equals(exchange.requestHeaders().first("Sec-WebSocket-Version"))) {
            exchange.responseHeaders().set("Sec-WebSocket-Version", "13");
            Statuses.respond(exchange, 426, "", "WebSocket version 13 is required");
            return null;
        }
        String key = exchange.requestHeaders().first("Sec-WebSocket-Key");
        if (key == null || !isKey(key)) {
            Statuses.respond(exchange, 400, "BadRequest", "Sec-WebSocket-Key must be 16 bytes in base64");
            return null;
        }
        String protocol = choose(offered(exchange), supported);
        if (protocol == null) {
            Statuses.respond(
                    exchange,
                    400,
                    "BadRequest",
                    "None of the WebSocket subprotocols " + offered(exchange) + " is supported; use one of "
                            + supported);
            return null;
        }
        exchange.responseHeaders()
                .set("Connection", "Upgrade")
                .set("Upgrade", "websocket")
                .set("Sec-WebSocket-Accept", acceptKey(key));
        if (!protocol.isEmpty()) {
            exchange.responseHeaders().set("Sec-WebSocket-Protocol", protocol);
        }
        return new WebSocket(exchange.upgrade(), false, protocol, limit);
    }

    private static @Nullable String choose(List<String> offered, List<String> supported) {
        if (offered.isEmpty()) {
            return supported.contains("") ? "" : null;
        }
        return offered.stream().filter(supported::contains).findFirst().orElse(null);
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == 16;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    /**
     * Connects to a server.
     *
     * @param client the client
     * @param request a GET request; the handshake's fields are added
     * @param protocols the subprotocols offered, none for none
     * @param limit the largest message taken, in bytes
     * @return the connection
     * @throws IOException if the server refuses or answers wrongly
     */
    public static WebSocket connect(HttpClient client, HttpClientRequest request, List<String> protocols, int limit)
            throws IOException {
        byte[] nonce = new byte[16];
        RANDOM.nextBytes(nonce);
        String key = Base64.getEncoder().encodeToString(nonce);
        request.headers()
                .set("Connection", "Upgrade")
                .set("Upgrade", "websocket")
                .set("Sec-WebSocket-Version", "13")
                .set("Sec-WebSocket-Key", key);
        if (!protocols.isEmpty()) {
            request.headers().set("Sec-WebSocket-Protocol", String.join(", ", protocols));
        }
        UpgradeResponse response = client.upgrade(request);
        try {
            var connection = response.require();
            String accepted = response.headers().first("Sec-WebSocket-Accept");
            if (!acceptKey(key).equals(accepted) || !response.headers().hasToken("Upgrade", "websocket")) {
                throw new IOException("The server's WebSocket handshake is wrong");
            }
            String protocol = response.headers().first("Sec-WebSocket-Protocol");
            if (protocol != null && !protocols.contains(protocol)) {
                throw new IOException("The server chose a subprotocol that was not offered: " + protocol);
            }
            return new WebSocket(connection, true, protocol == null ? "" : protocol, limit);
        } catch (IOException wrong) {
            response.close();
            throw wrong;
        }
    }

    private static String acceptKey(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key + ACCEPT_SUFFIX).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
