package dev.kite.http.stream;

import dev.kite.api.http.Duplex;
import dev.kite.api.http.Headers;
import dev.kite.api.http.HttpExchange;
import dev.kite.http.HttpClient;
import dev.kite.http.HttpClientRequest;
import dev.kite.http.UpgradeResponse;
import dev.kite.http.message.Statuses;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes an upgraded connection's bytes on without looking at them: what the API server does between kubectl and kubelet. */
public final class Tunnel {
    private static final Logger LOG = LoggerFactory.getLogger(Tunnel.class);

    /** How long one side may go on after the other has ended: in these protocols an end of stream is the session's end. */
    private static final Duration LINGER = Duration.ofSeconds(10);

    private static final List<String> UPGRADE_FIELDS = List.of(
            "Connection",
            "Upgrade",
            "X-Stream-Protocol-Version",
            "Sec-WebSocket-Key",
            "Sec-WebSocket-Version",
            "Sec-WebSocket-Protocol",
            "Sec-WebSocket-Extensions");

    /** Fields of the refusal that are the server's own to set. */
    private static final Set<String> FRAMING = Set.of("content-length", "transfer-encoding", "date", "connection");

    private Tunnel() {}

    /**
     * Asks another server for the upgrade that a client asks for, answers the client as that server does, and passes the bytes until either side ends. The
     * exchange is answered 400 if it does not ask for an upgrade.
     *
     * @param exchange the client's request
     * @param client connects to the other server
     * @param request the request to it; the upgrade's header fields are added
     * @throws IOException if the client went away or the other server cannot be reached before the response has begun
     */
    public static void proxy(HttpExchange exchange, HttpClient client, HttpClientRequest request) throws IOException {
        if (!exchange.upgradable()) {
            Statuses.respond(exchange, 400, "BadRequest", "Upgrade request required");
            return;
        }
        for (String field : UPGRADE_FIELDS) {
            request.headers().remove(field);
            exchange.requestHeaders()
                    .all(field)
                    .forEach(value -> request.headers().add(field, value));
        }
        try (UpgradeResponse response = client.upgrade(request)) {
            Headers answer = exchange.responseHeaders();
            response.headers().forEach((name, value) -> {
                if (response.upgraded() || !FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
                    answer.add(name, value);
                }
            });
            if (!response.upgraded()) {
                String type = response.headers().first("Content-Type");
                exchange.respond(
                        response.status(),
                        type == null ? "text/plain" : type,
                        response.refusal().getBytes(StandardCharsets.UTF_8));
                return;
            }
            try (Duplex own = exchange.upgrade()) {
                join(own, response.require());
            }
        }
    }

    /**
     * Copies both ways until either side has ended, and the other soon after; then closes both.
     *
     * @param one a connection
     * @param other another
     */
    public static void join(Duplex one, Duplex other) {
        var first = new CountDownLatch(1);
        var both = new CountDownLatch(2);
        start(one.input(), other.output(), first, both);
        start(other.input(), one.output(), first, both);
        try {
            first.await();
            if (!both.await(LINGER.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("A tunnel's other side lingers and is closed");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            Copying.close(one);
            Copying.close(other);
        }
    }

    private static void start(InputStream from, OutputStream to, CountDownLatch first, CountDownLatch both) {
        Thread.ofVirtual().name("tunnel").start(() -> {
            try {
                Copying.copy(from, to);
                to.close();
            } catch (IOException broken) {
                LOG.debug("A tunnel breaks off", broken);
                // Nobody takes what the other side would still send.
                Copying.close(from);
                both.countDown();
            } finally {
                both.countDown();
                first.countDown();
            }
        });
    }
}
