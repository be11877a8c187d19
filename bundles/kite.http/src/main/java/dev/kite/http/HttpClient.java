package dev.kite.http;

import dev.kite.http.client.Clients;
import java.io.IOException;

/** An HTTP/1.1 client of blocking calls, for virtual threads. It keeps idle connections for reuse, follows no redirects, keeps no cookies. Thread-safe. */
public interface HttpClient extends AutoCloseable {
    /**
     * Makes a client, for those who are made by no component; it connects when it is first used.
     *
     * @param options how it connects
     * @return the client, which the caller closes
     */
    static HttpClient of(HttpClientOptions options) {
        return new Clients().open(options);
    }

    /**
     * Sends a request and returns when the response's header has come.
     *
     * @param request the request
     * @return the response, whose body is read as it comes; the caller closes it
     * @throws IOException if the server cannot be reached, is not who it should be, or breaks the protocol
     */
    HttpClientResponse send(HttpClientRequest request) throws IOException;

    /**
     * Asks for an upgrade of the connection; {@code Connection: Upgrade} is added where the request has none.
     *
     * @param request the request, with its {@code Upgrade} field
     * @return the connection after status 101, or the refusal; the caller closes it
     * @throws IOException if the server cannot be reached, is not who it should be, or breaks the protocol
     */
    UpgradeResponse upgrade(HttpClientRequest request) throws IOException;

    /** Closes all connections, also those in use: their readers get an {@link IOException}. */
    @Override
    void close();
}
