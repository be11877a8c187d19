package dev.kite.apiserver.watch;

import dev.kite.api.http.HttpExchange;
import dev.kite.http.stream.WebSocket;
import dev.kite.http.stream.WebSocketHandshake;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A watch over WebSocket, as browsers have it: a message an event, text where the form is text, else binary. What the client sends is ignored. */
final class SocketConnection implements WatchConnection {
    private static final Logger LOG = LoggerFactory.getLogger(SocketConnection.class);

    /** A client has nothing to say; more than this in one message ends the connection. */
    private static final int MOST_RECEIVED = 64 * 1024;

    private final HttpExchange exchange;
    private final WebSocket socket;
    private final boolean text;
    private final int skipped;
    private final ByteArrayOutputStream frame = new ByteArrayOutputStream(4096);
    private final List<Runnable> actions = new ArrayList<>(2);
    private boolean closed;

    private SocketConnection(HttpExchange exchange, WebSocket socket, boolean text, int skipped) {
        this.exchange = exchange;
        this.socket = socket;
        this.text = text;
        this.skipped = skipped;
    }

    /**
     * Takes the client's handshake.
     *
     * @param exchange the request
     * @param text whether frames are text
     * @param skipped how many bytes at a frame's start say its length, which a message has anyway
     * @return the connection, null where the client has been refused
     */
    static @Nullable SocketConnection accept(HttpExchange exchange, boolean text, int skipped) throws IOException {
        List<String> protocols = new ArrayList<>(WebSocketHandshake.offered(exchange));
        protocols.add("");
        WebSocket socket = WebSocketHandshake.accept(exchange, protocols, MOST_RECEIVED);
        if (socket == null) {
            return null;
        }
        SocketConnection connection = new SocketConnection(exchange, socket, text, skipped);
        Thread.ofVirtual().name("kite-watch-socket").start(connection::receive);
        return connection;
    }

    private void receive() {
        try {
            while (socket.receive() != null) {
                LOG.trace("a watch's client speaks");
            }
        } catch (IOException gone) {
            LOG.trace("a watch's client left", gone);
        } finally {
            ended();
        }
    }

    private void ended() {
        List<Runnable> due;
        synchronized (actions) {
            closed = true;
            due = List.copyOf(actions);
            actions.clear();
        }
        due.forEach(Runnable::run);
    }

    @Override
    public OutputStream out() {
        return frame;
    }

    @Override
    public void frameEnd() throws IOException {
        byte[] bytes = frame.toByteArray();
        frame.reset();
        if (text) {
            socket.sendText(new String(bytes, StandardCharsets.UTF_8));
        } else {
            socket.sendBinary(bytes, skipped, bytes.length - skipped);
        }
    }

    @Override
    public void flush() {
        // Each message is sent at once.
    }

    @Override
    public boolean closed() {
        synchronized (actions) {
            return closed;
        }
    }

    @Override
    public void onClose(Runnable action) {
        exchange.onClose(action);
        synchronized (actions) {
            if (!closed) {
                actions.add(action);
                return;
            }
        }
        action.run();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
