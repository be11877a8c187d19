package dev.kite.http.client;

import dev.kite.api.http.Duplex;
import dev.kite.api.http.Headers;
import dev.kite.http.HttpClient;
import dev.kite.http.HttpClientOptions;
import dev.kite.http.HttpClientRequest;
import dev.kite.http.HttpClientResponse;
import dev.kite.http.SocketDuplex;
import dev.kite.http.UpgradeResponse;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Keeps connections for reuse. */
final class PooledClient implements HttpClient {
    /** Shorter than servers keep them, so that the client closes first. */
    private static final long IDLE_NANOS = Duration.ofSeconds(90).toNanos();

    /** RFC 9110, 9.2.2. */
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE");

    /** No server closes a connection that was used so recently; other requests get a fresh one, as they must not be sent twice. */
    private static final long SURELY_OPEN_NANOS = Duration.ofSeconds(5).toNanos();

    private static final int REFUSAL = 64 * 1024;

    private final HttpClientOptions options;
    private final ClientMetrics metrics;
    private final @Nullable TlsSockets tls;
    private final Map<Connection.Origin, ArrayDeque<Connection>> idle = new HashMap<>();
    private final Set<Connection> open = new HashSet<>();
    private boolean closed;

    PooledClient(HttpClientOptions options, ClientMetrics metrics) {
        this.metrics = metrics;
        this.options = options;
        this.tls = options.tls() == null ? null : new TlsSockets(options.tls());
    }

    @Override
    public HttpClientResponse send(HttpClientRequest request) throws IOException {
        long began = System.nanoTime();
        String code = "<error>";
        try {
            HttpClientResponse response = sendOnce(request);
            code = Integer.toString(response.status());
            return response;
        } finally {
            metrics.answered(request.method(), host(request.uri()), code, System.nanoTime() - began);
        }
    }

    private static String host(URI uri) {
        String authority = uri.getRawAuthority();
        return authority == null ? "" : authority;
    }

    private HttpClientResponse sendOnce(HttpClientRequest request) throws IOException {
        Connection.Origin origin = Connection.Origin.of(request.uri());
        InputStream body = request.body();
        boolean repeatable = body == null || body.markSupported();
        if (body != null && repeatable) {
            body.mark(Integer.MAX_VALUE);
        }
        boolean idempotent = IDEMPOTENT.contains(request.method());
        Connection reused = takeIdle(origin);
        if (reused != null && !idempotent && System.nanoTime() - reused.idleSince() > SURELY_OPEN_NANOS) {
            discard(reused);
            reused = null;
        }
        if (reused != null) {
            try {
                return respond(reused, request);
            } catch (SocketTimeoutException slow) {
                discard(reused);
                throw slow;
            } catch (IOException stale) {
                // The server may have closed a connection that lay idle. What may be done twice is tried again.
                discard(reused);
                if (!repeatable || !idempotent) {
                    throw stale;
                }
                if (body != null) {
                    body.reset();
                }
            }
        }
        Connection fresh = connect(origin);
        try {
            return respond(fresh, request);
        } catch (IOException | RuntimeException failed) {
            discard(fresh);
            throw failed;
        }
    }

    private HttpClientResponse respond(Connection connection, HttpClientRequest request) throws IOException {
        ResponseHeader header = connection.exchange(request, options);
        if (header.status() == 101) {
            throw new IOException("The server switches protocols without being asked");
        }
        return new Response(connection, header, request.method());
    }

    @Override
    public UpgradeResponse upgrade(HttpClientRequest request) throws IOException {
        if (!request.headers().hasToken("Connection", "Upgrade")) {
            request.headers().set("Connection", "Upgrade");
        }
        Connection connection = connect(Connection.Origin.of(request.uri()));
        try {
            ResponseHeader header = connection.exchange(request, options);
            if (header.status() == 101) {
                connection.untilClosed();
                var duplex = new SocketDuplex(connection.socket(), connection.transport(), connection.reader());
                return new UpgradeResponse(101, header.headers(), new Tracked(connection, duplex), "");
            }
            try (var response = new Response(connection, header, request.method())) {
                String refusal = new String(response.body().readNBytes(REFUSAL), StandardCharsets.UTF_8);
                return new UpgradeResponse(header.status(), header.headers(), null, refusal);
            }
        } catch (IOException | RuntimeException failed) {
            discard(connection);
            throw failed;
        }
    }

    private Connection connect(Connection.Origin origin) throws IOException {
        synchronized (this) {
            requireOpen();
        }
        Connection connection = Connection.open(origin, options, tls);
        synchronized (this) {
            if (!closed) {
                open.add(connection);
                return connection;
            }
        }
        connection.abort();
        throw new IOException("The client " + options.name() + " is closed");
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("The client " + options.name() + " is closed");
        }
    }

    private synchronized @Nullable Connection takeIdle(Connection.Origin origin) throws IOException {
        requireOpen();
        long now = System.nanoTime();
        for (ArrayDeque<Connection> connections : idle.values()) {
            while (!connections.isEmpty() && now - connections.getFirst().idleSince() > IDLE_NANOS) {
                discard(connections.removeFirst());
            }
        }
        ArrayDeque<Connection> connections = idle.get(origin);
        return connections == null ? null : connections.pollLast();
    }

    private void giveBack(Connection connection) {
        synchronized (this) {
            ArrayDeque<Connection> connections = idle.computeIfAbsent(connection.origin(), _ -> new ArrayDeque<>());
            if (!closed && connections.size() < options.idleConnections()) {
                connection.idle(System.nanoTime());
                connections.addLast(connection);
                return;
            }
        }
        discard(connection);
    }

    private void discard(Connection connection) {
        synchronized (this) {
            open.remove(connection);
        }
        connection.abort();
    }

    @Override
    public void close() {
        List<Connection> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(open);
            open.clear();
            idle.clear();
        }
        all.forEach(Connection::abort);
    }

    /** A response whose connection is kept if it was read to the end. */
    private final class Response implements HttpClientResponse {
        private final Connection connection;
        private final ResponseHeader header;
        private final BodyReader reader;
        private final List<X509Certificate> certificates;
        private final AtomicBoolean settled = new AtomicBoolean();

        Response(Connection connection, ResponseHeader header, String method) throws IOException {
            this.connection = connection;
            this.header = header;
            this.certificates = connection.serverCertificates();
            this.reader = BodyReader.of(connection.reader(), method, header, this::complete);
        }

        private void complete() {
            if (settled.compareAndSet(false, true)) {
                if (header.persistent() && (reader == null || !reader.untilClose())) {
                    giveBack(connection);
                } else {
                    discard(connection);
                }
            }
        }

        @Override
        public int status() {
            return header.status();
        }

        @Override
        public Headers headers() {
            return header.headers();
        }

        @Override
        public InputStream body() {
            return new FilterInputStream(reader) {
                @Override
                public void close() {
                    Response.this.close();
                }
            };
        }

        @Override
        public List<X509Certificate> serverCertificates() {
            return certificates;
        }

        @Override
        public void close() {
            if (settled.compareAndSet(false, true)) {
                discard(connection);
            }
        }
    }

    /** An upgraded connection, which the client's close ends too. */
    private final class Tracked implements Duplex {
        private final Connection connection;
        private final SocketDuplex duplex;

        Tracked(Connection connection, SocketDuplex duplex) {
            this.connection = connection;
            this.duplex = duplex;
        }

        @Override
        public InputStream input() {
            return duplex.input();
        }

        @Override
        public OutputStream output() {
            return duplex.output();
        }

        @Override
        public void close() {
            discard(connection);
        }
    }
}
