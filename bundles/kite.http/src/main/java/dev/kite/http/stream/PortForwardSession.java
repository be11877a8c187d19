package dev.kite.http.stream;

import dev.kite.api.http.Duplex;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One port-forward session on SPDY: for each connection the client opens an error and a data stream with one request id. */
final class PortForwardSession {
    private static final Logger LOG = LoggerFactory.getLogger(PortForwardSession.class);

    private static final Duration LINGER = Duration.ofSeconds(5);

    /** How long a stream may wait for its partner, as upstream. */
    private static final Duration PAIRING = Duration.ofSeconds(30);

    private final SpdyConnection spdy;
    private final PortConnector connector;
    private final Map<String, Pair> incomplete = new HashMap<>();
    private final Set<Duplex> targets = ConcurrentHashMap.newKeySet();

    PortForwardSession(SpdyConnection spdy, PortConnector connector) {
        this.spdy = spdy;
        this.connector = connector;
    }

    /** Streams of one request. */
    private static final class Pair {
        private final long since = System.nanoTime();
        private @Nullable SpdyStream data;
        private @Nullable SpdyStream error;
    }

    void serve() throws IOException {
        try {
            while (!spdy.ended()) {
                SpdyStream stream = spdy.accept(PAIRING);
                if (stream != null) {
                    opened(stream);
                }
                dropLate();
            }
        } finally {
            targets.forEach(Copying::close);
            spdy.close(LINGER);
        }
    }

    private void opened(SpdyStream stream) {
        String type = stream.headers().first("streamtype");
        String portText = stream.headers().first("port");
        int port = portText == null ? 0 : PortForwardBridge.port(portText);
        boolean data = "data".equals(type);
        if (port == 0 || (!data && !"error".equals(type))) {
            LOG.debug("A port-forward stream of type {} for port {} is refused", type, portText);
            stream.refuse();
            return;
        }
        String request = stream.headers().first("requestid");
        // The oldest clients name no request; their data stream follows its error stream.
        String key = request == null ? "stream-" + (data ? stream.id() - 2 : stream.id()) : request;
        Pair pair = incomplete.computeIfAbsent(key, _ -> new Pair());
        SpdyStream replaced = data ? pair.data : pair.error;
        if (replaced != null) {
            stream.refuse();
            return;
        }
        if (data) {
            pair.data = stream;
        } else {
            pair.error = stream;
        }
        SpdyStream dataStream = pair.data;
        SpdyStream errorStream = pair.error;
        if (dataStream != null && errorStream != null) {
            incomplete.remove(key);
            Thread.ofVirtual().name("port-forward " + port).start(() -> forward(port, dataStream, errorStream));
        }
    }

    private void dropLate() {
        long now = System.nanoTime();
        incomplete.values().removeIf(pair -> {
            boolean late = now - pair.since > PAIRING.toNanos();
            if (late && pair.data != null) {
                pair.data.reset();
            }
            if (late && pair.error != null) {
                pair.error.reset();
            }
            return late;
        });
    }

    private void forward(int port, SpdyStream data, SpdyStream error) {
        try {
            forwardTo(port, data);
        } catch (IOException failed) {
            LOG.debug("Port {} cannot be forwarded", port, failed);
            tell(error, "Port " + port + " cannot be forwarded: " + failed.getMessage());
        } finally {
            Copying.close(error);
            Copying.close(data);
        }
    }

    private void forwardTo(int port, SpdyStream data) throws IOException {
        Duplex target = connector.connect(port);
        targets.add(target);
        try {
            if (spdy.ended()) {
                return;
            }
            Copying.start("port-forward in", data.input(), target.output());
            // The session for this connection lasts until the pod's side ends; the client's end is passed on as a
            // half-close.
            Copying.join(Copying.start("port-forward out", target.input(), data.output()));
        } finally {
            targets.remove(target);
            Copying.close(target);
        }
    }

    private static void tell(SpdyStream error, String message) {
        try {
            error.output().write(message.getBytes(StandardCharsets.UTF_8));
        } catch (IOException gone) {
            LOG.debug("The client left before it was told: {}", message, gone);
        }
    }
}
