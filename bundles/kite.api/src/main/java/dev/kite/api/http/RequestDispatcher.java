package dev.kite.api.http;

import java.io.IOException;

/** The API port's whole path (filters, then routes) for exchanges that don't come from a socket. A service of kite.http. */
public interface RequestDispatcher {
    /**
     * Runs an exchange through filters and routes on the caller's thread.
     *
     * @param exchange the exchange; a user that it carries already stands in for authentication
     * @throws IOException if the exchange's consumer went away
     */
    void dispatch(HttpExchange exchange) throws IOException;
}
