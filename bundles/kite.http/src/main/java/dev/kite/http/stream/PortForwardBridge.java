package dev.kite.http.stream;

import dev.kite.api.http.HttpExchange;
import dev.kite.http.message.Statuses;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Serves port-forward sessions: SPDY ({@code portforward.k8s.io}), SPDY inside a WebSocket ({@code SPDY/3.1+portforward.k8s.io}), and the older WebSocket channels
 * ({@code v4.channel.k8s.io}, {@code v4.base64.channel.k8s.io}), of which each port has two.
 */
public final class PortForwardBridge {
    private static final String PROTOCOL = "portforward.k8s.io";
    private static final String TUNNELED = "SPDY/3.1+" + PROTOCOL;
    private static final List<String> WEBSOCKET_PROTOCOLS =
            List.of(TUNNELED, "v4.channel.k8s.io", "v4.base64.channel.k8s.io", "");

    private PortForwardBridge() {}

    /**
     * Serves a client; returns when the session has ended. A request that does not ask for an upgrade is answered 400.
     *
     * @param exchange the client's request
     * @param connector connects to the pod's ports
     * @throws IOException if the client went away before the session began
     */
    public static void serve(HttpExchange exchange, PortConnector connector) throws IOException {
        if (WebSocketHandshake.asks(exchange)) {
            serveWebSocket(exchange, connector);
        } else if (exchange.upgradable() && exchange.requestHeaders().hasToken("Upgrade", "SPDY/3.1")) {
            serveSpdy(exchange, connector);
        } else {
            Statuses.respond(exchange, 400, "BadRequest", "Upgrade request required");
        }
    }

    private static void serveSpdy(HttpExchange exchange, PortConnector connector) throws IOException {
        List<String> offered = exchange.requestHeaders().all("X-Stream-Protocol-Version");
        if (!offered.isEmpty() && !exchange.requestHeaders().hasToken("X-Stream-Protocol-Version", PROTOCOL)) {
            exchange.responseHeaders().set("X-Accepted-Stream-Protocol-Versions", PROTOCOL);
            Statuses.respond(
                    exchange, 403, "Forbidden", "None of the protocols " + offered + " is supported; use " + PROTOCOL);
            return;
        }
        exchange.responseHeaders()
                .set("Connection", "Upgrade")
                .set("Upgrade", "SPDY/3.1")
                .set("X-Stream-Protocol-Version", PROTOCOL);
        new PortForwardSession(SpdyConnection.server(exchange.upgrade()), connector).serve();
    }

    private static void serveWebSocket(HttpExchange exchange, PortConnector connector) throws IOException {
        List<Integer> ports = new ArrayList<>();
        if (!WebSocketHandshake.offered(exchange).contains(TUNNELED) && !ports(exchange, ports)) {
            Statuses.respond(exchange, 400, "BadRequest", "The query must name ports from 1 to 65535");
            return;
        }
        WebSocket socket = WebSocketHandshake.accept(exchange, WEBSOCKET_PROTOCOLS, WebSocket.DEFAULT_LIMIT);
        if (socket == null) {
            return;
        }
        if (socket.protocol().equals(TUNNELED)) {
            new PortForwardSession(SpdyConnection.server(new WebSocketDuplex(socket)), connector).serve();
        } else {
            new PortForwardChannels(socket, ports, connector).serve();
        }
    }

    /** Reads the query's ports, one or many, repeated or separated by commas; false if there is none or one is wrong. */
    private static boolean ports(HttpExchange exchange, List<Integer> ports) {
        List<String> values = new ArrayList<>(exchange.query().all("port"));
        values.addAll(exchange.query().all("ports"));
        for (String value : values) {
            for (String text : value.split(",")) {
                int port = port(text.strip());
                if (port == 0) {
                    return false;
                }
                ports.add(port);
            }
        }
        // Channels are numbered in one byte, 255 excluded.
        return !ports.isEmpty() && ports.size() <= 100;
    }

    /** Parses a port; 0 if it is none. */
    static int port(String text) {
        if (text.isEmpty() || text.length() > 5 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return 0;
        }
        int port = Integer.parseInt(text);
        return port <= 65535 ? port : 0;
    }
}
