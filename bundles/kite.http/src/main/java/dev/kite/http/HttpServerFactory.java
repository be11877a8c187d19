package dev.kite.http;

import java.io.IOException;

/** Starts servers. A service of this bundle. Thread-safe. */
public interface HttpServerFactory {
    /**
     * Starts a server; it listens when this returns.
     *
     * @param options what it serves and how
     * @return the server, which the caller closes
     * @throws IllegalStateException if the port is in use or the address is not this machine's, saying which and what to do
     * @throws IOException if it cannot start for another reason
     */
    HttpServer start(HttpServerOptions options) throws IOException;
}
