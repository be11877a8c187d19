package dev.kite.http;

/** A server that listens. Thread-safe. */
public interface HttpServer extends AutoCloseable {
    /** @return the port that it listens on */
    int port();

    /**
     * Stops listening, tells exchanges that wait ({@code HttpExchange.onClose}), lets requests end within {@link HttpServerOptions#drain}, then ends what
     * is left. May be called twice.
     */
    @Override
    void close();
}
