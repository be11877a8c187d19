package dev.kite.http.stream;

import dev.kite.api.http.Headers;
import dev.kite.api.http.HttpExchange;
import dev.kite.http.HttpClient;
import dev.kite.http.HttpClientRequest;
import dev.kite.http.UpgradeResponse;
import dev.kite.http.message.Statuses;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Joins a client that execs or attaches, over WebSocket or SPDY, with a container runtime's streaming server, which speaks SPDY. SPDY passes as it is; WebSocket's
 * channels are translated. Thread-safe.
 */
public final class ExecBridge {
    private static final String V4 = "v4.channel.k8s.io";
    private static final List<String> WEBSOCKET_PROTOCOLS =
            List.of("v5.channel.k8s.io", V4, "v4.base64.channel.k8s.io", "channel.k8s.io", "base64.channel.k8s.io", "");

    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int ERROR = 3;
    private static final int RESIZE = 4;

    private static final Duration OPEN = Duration.ofSeconds(30);
    private static final int STATUS_LIMIT = 1024 * 1024;

    private final HttpClient client;

    /**
     * Bridges over a client.
     *
     * @param client connects to the streaming server
     */
    public ExecBridge(HttpClient client) {
        this.client = client;
    }

    /**
     * Serves a client whose request's query tells the streams.
     *
     * @param exchange the client's request, which asks for an upgrade; else it is answered 400
     * @param streaming the runtime's address for this session
     * @throws IOException if the client went away before the session began
     */
    public void bridge(HttpExchange exchange, URI streaming) throws IOException {
        bridge(exchange, streaming, StreamOptions.of(exchange.query()));
    }

    /**
     * Serves a client; returns when the session has ended.
     *
     * @param exchange the client's request, which asks for an upgrade; else it is answered 400
     * @param streaming the runtime's address for this session
     * @param options the streams, as the runtime was told
     * @throws IOException if the client went away before the session began
     */
    public void bridge(HttpExchange exchange, URI streaming, StreamOptions options) throws IOException {
        if (!WebSocketHandshake.asks(exchange)) {
            Tunnel.proxy(exchange, client, HttpClientRequest.of("POST", streaming));
            return;
        }
        HttpClientRequest request = HttpClientRequest.of("POST", streaming)
                .header("Upgrade", "SPDY/3.1")
                .header("X-Stream-Protocol-Version", V4);
        try (UpgradeResponse response = client.upgrade(request)) {
            if (!response.upgraded()) {
                Statuses.respond(
                        exchange,
                        500,
                        "InternalError",
                        "The container runtime refuses the stream with status " + response.status() + ": "
                                + response.refusal());
                return;
            }
            try (SpdyConnection spdy = SpdyConnection.client(response.require())) {
                var runtime = RuntimeStreams.open(spdy, options);
                WebSocket socket = WebSocketHandshake.accept(exchange, WEBSOCKET_PROTOCOLS, WebSocket.DEFAULT_LIMIT);
                if (socket != null) {
                    translate(socket, spdy, runtime, options);
                }
            }
        }
    }

    /** The runtime's streams. */
    private record RuntimeStreams(
            SpdyStream error,
            @Nullable SpdyStream stdin,
            @Nullable SpdyStream stdout,
            @Nullable SpdyStream stderr,
            @Nullable SpdyStream resize) {
        static RuntimeStreams open(SpdyConnection spdy, StreamOptions options) throws IOException {
            return new RuntimeStreams(
                    stream(spdy, "error"),
                    options.stdin() ? stream(spdy, "stdin") : null,
                    options.stdout() ? stream(spdy, "stdout") : null,
                    options.stderr() ? stream(spdy, "stderr") : null,
                    options.tty() ? stream(spdy, "resize") : null);
        }

        private static SpdyStream stream(SpdyConnection spdy, String type) throws IOException {
            return spdy.open(new Headers().set("streamtype", type), OPEN);
        }
    }

    private static void translate(WebSocket socket, SpdyConnection spdy, RuntimeStreams runtime, StreamOptions options)
            throws IOException {
        Set<Integer> readable = new HashSet<>();
        if (runtime.stdin() != null) {
            readable.add(STDIN);
        }
        if (runtime.resize() != null) {
            readable.add(RESIZE);
        }
        try (var channels = new ChannelSocket(socket, readable)) {
            channels.start(spdy::close);
            // Clients wait for a first message before they believe that the session stands.
            int lowest = options.stdout() ? STDOUT : options.stderr() ? STDERR : ERROR;
            channels.send(lowest, new byte[0], 0, 0);
            if (runtime.stdin() != null) {
                Copying.start("stdin", channels.input(STDIN), runtime.stdin().output());
            }
            if (runtime.resize() != null) {
                Copying.start("resize", channels.input(RESIZE), runtime.resize().output());
            }
            List<Thread> outputs = new ArrayList<>();
            copyOut(outputs, "stdout", runtime.stdout(), channels.output(STDOUT));
            copyOut(outputs, "stderr", runtime.stderr(), channels.output(STDERR));
            byte[] status = status(runtime.error().input());
            for (Thread output : outputs) {
                Copying.join(output);
            }
            byte[] told = socket.protocol().startsWith("v") ? status : ExecStatus.text(status);
            if (told.length > 0) {
                channels.send(ERROR, told, 0, told.length);
            }
        }
    }

    private static void copyOut(List<Thread> outputs, String what, @Nullable SpdyStream from, OutputStream to) {
        if (from != null) {
            outputs.add(Copying.start(what, from.input(), to));
        }
    }

    /** Reads how the session ended: a Status, which the runtime sends in its fourth protocol version for success too. */
    private static byte[] status(InputStream error) {
        try {
            byte[] status = error.readNBytes(STATUS_LIMIT);
            if (status.length > 0) {
                return status;
            }
        } catch (IOException broken) {
            return Statuses.json(500, "InternalError", "The stream to the container broke off: " + broken.getMessage());
        }
        return Statuses.json(500, "InternalError", "The container runtime ended the stream without a status");
    }
}
