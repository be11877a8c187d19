package dev.kite.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a client connects. Start from {@link #of} and change what differs.
 *
 * @param name names it in log lines
 * @param tls what it trusts and presents, null if it speaks plain HTTP only
 * @param connect how long connecting, TLS included, may take
 * @param response how long the response's header may take after the request was sent; zero for ever
 * @param read how long the body may be silent; zero (the default, for watches) for ever
 * @param idleConnections how many unused connections are kept for each server, for up to 90 seconds
 */
public record HttpClientOptions(
        String name, @Nullable ClientTls tls, Duration connect, Duration response, Duration read, int idleConnections) {
    /**
     * The defaults: 10 seconds to connect, 60 to answer, no bound on silence, 8 idle connections.
     *
     * @param name names it in log lines
     * @param tls what it trusts and presents, null if it speaks plain HTTP only
     * @return the options
     */
    public static HttpClientOptions of(String name, @Nullable ClientTls tls) {
        return new HttpClientOptions(name, tls, Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ZERO, 8);
    }

    /**
     * Sets the time-outs.
     *
     * @param newConnect how long connecting may take
     * @param newResponse how long the response's header may take, zero for ever
     * @param newRead how long the body may be silent, zero for ever
     * @return the changed options
     */
    public HttpClientOptions timeouts(Duration newConnect, Duration newResponse, Duration newRead) {
        return new HttpClientOptions(name, tls, newConnect, newResponse, newRead, idleConnections);
    }
}
