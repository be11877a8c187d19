package dev.kite.api.http;

import java.io.IOException;

/** Answers requests. Called from many virtual threads at once; may block. */
@FunctionalInterface
public interface HttpHandler {
    /**
     * Answers one request.
     *
     * @param exchange the request and its response
     * @throws IOException if the client went away; any other exception becomes a Status of code 500
     */
    void handle(HttpExchange exchange) throws IOException;
}
