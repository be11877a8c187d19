package dev.kite.api.http;

import java.io.IOException;

/**
 * A step that each request to the API port passes, offered as a service. Steps run from low to high {@link #order}: authentication
 * 100, audit 200, impersonation 300, fairness 400, authorization 500.
 */
public interface HttpFilter {
    /** @return the step's place; each is taken once */
    int order();

    /** @return the step's name, for errors */
    String name();

    /**
     * Passes the request on, or answers it.
     *
     * @param exchange the request and its response
     * @param next the steps after this; to be called at most once
     * @throws IOException if the client went away
     */
    void filter(HttpExchange exchange, HttpHandler next) throws IOException;
}
