package dev.kite.apiserver.watch;

import dev.kite.api.http.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;

/** Where a watch's frames go: a response's body, or the messages of a WebSocket. Used by one thread, but for what it says. */
interface WatchConnection extends AutoCloseable {
    /** Where frames are written. */
    OutputStream out();

    /** Ends a frame; where a frame is a message, it goes out. */
    void frameEnd() throws IOException;

    /** Sends what is held back. */
    void flush() throws IOException;

    /** Whether the client went away or the server stops. From any thread. */
    boolean closed();

    /** Calls back when that happens, from another thread; at once if it has. */
    void onClose(Runnable action);

    /** Ends it. */
    @Override
    void close() throws IOException;

    /** A watch as the body of its response. */
    static WatchConnection body(HttpExchange exchange) {
        return new WatchConnection() {
            @Override
            public OutputStream out() {
                return exchange.responseBody();
            }

            @Override
            public void frameEnd() {
                // Frames end by themselves.
            }

            @Override
            public void flush() throws IOException {
                exchange.responseBody().flush();
            }

            @Override
            public boolean closed() {
                return exchange.closed();
            }

            @Override
            public void onClose(Runnable action) {
                exchange.onClose(action);
            }

            @Override
            public void close() {
                // The response ends with its handler.
            }
        };
    }
}
