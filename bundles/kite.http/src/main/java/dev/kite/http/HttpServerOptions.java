package dev.kite.http;

import dev.kite.api.http.HttpHandler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a server serves. Start from {@link #of} and change what differs.
 *
 * @param name names its threads and log lines
 * @param bindAddress the address that it listens on, empty for all
 * @param port its port, 0 for any free one
 * @param tls its certificates, null for plain HTTP, which belongs on loopback only
 * @param handler answers the requests, each on a virtual thread of its own
 * @param bodyLimit the largest request body in bytes; 3 MiB as upstream's API server
 * @param headerLimit the largest request header in bytes, in total; 1 MiB as Go's net/http, which upstream's API server keeps
 * @param idle how long a connection may be silent between requests, or stall amid reading or writing one; 3 minutes as upstream between requests
 * @param drain how long {@link HttpServer#close} waits for requests to end
 * @param policy which TLS it speaks
 * @param streams how many requests one HTTP/2 connection carries at once, 0 for no HTTP/2
 */
public record HttpServerOptions(
        String name,
        String bindAddress,
        int port,
        @Nullable ServerTls tls,
        HttpHandler handler,
        long bodyLimit,
        int headerLimit,
        Duration idle,
        Duration drain,
        TlsPolicy policy,
        int streams) {

    /** Upstream's bound on request bodies, 3 MiB. */
    public static final long DEFAULT_BODY_LIMIT = 3L * 1024 * 1024;

    /** A client's watches are a stream each. */
    private static final int DEFAULT_STREAMS = 250;

    private static final int DEFAULT_HEADER_LIMIT = 1024 * 1024;

    /** Checks the bounds. */
    public HttpServerOptions {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("No port: " + port);
        }
        if (bodyLimit < 0 || headerLimit <= 0 || streams < 0) {
            throw new IllegalArgumentException("Limits must be positive");
        }
    }

    /**
     * A plain server on 127.0.0.1 at any free port, with the defaults.
     *
     * @param name names its threads and log lines
     * @param handler answers the requests
     * @return the options
     */
    public static HttpServerOptions of(String name, HttpHandler handler) {
        return new HttpServerOptions(
                name,
                "127.0.0.1",
                0,
                null,
                handler,
                DEFAULT_BODY_LIMIT,
                DEFAULT_HEADER_LIMIT,
                Duration.ofMinutes(3),
                Duration.ofSeconds(10),
                TlsPolicy.DEFAULT,
                DEFAULT_STREAMS);
    }

    /**
     * Sets where it listens.
     *
     * @param address the address, empty for all
     * @param newPort the port, 0 for any free one
     * @return the changed options
     */
    public HttpServerOptions listen(String address, int newPort) {
        return new HttpServerOptions(
                name, address, newPort, tls, handler, bodyLimit, headerLimit, idle, drain, policy, streams);
    }

    /**
     * Sets the certificates.
     *
     * @param newTls the certificates
     * @return the changed options
     */
    public HttpServerOptions secure(ServerTls newTls) {
        return new HttpServerOptions(
                name, bindAddress, port, newTls, handler, bodyLimit, headerLimit, idle, drain, policy, streams);
    }

    /**
     * Sets the bound on request bodies.
     *
     * @param bytes the bound in bytes
     * @return the changed options
     */
    public HttpServerOptions limitBody(long bytes) {
        return new HttpServerOptions(
                name, bindAddress, port, tls, handler, bytes, headerLimit, idle, drain, policy, streams);
    }

    /**
     * Sets the time-outs.
     *
     * @param newIdle how long a connection may be silent
     * @param newDrain how long a close waits for requests to end
     * @return the changed options
     */
    public HttpServerOptions timeouts(Duration newIdle, Duration newDrain) {
        return new HttpServerOptions(
                name, bindAddress, port, tls, handler, bodyLimit, headerLimit, newIdle, newDrain, policy, streams);
    }

    /**
     * Sets what is spoken.
     *
     * @param newPolicy which TLS
     * @param newStreams how many requests one HTTP/2 connection carries at once, 0 for no HTTP/2
     * @return the changed options
     */
    public HttpServerOptions speak(TlsPolicy newPolicy, int newStreams) {
        return new HttpServerOptions(
                name, bindAddress, port, tls, handler, bodyLimit, headerLimit, idle, drain, newPolicy, newStreams);
    }
}
