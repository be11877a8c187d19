package dev.kite.http.server;

import dev.kite.http.HttpServer;
import dev.kite.http.HttpServerOptions;
import dev.kite.http.ServerTls;
import dev.kite.http.TlsPolicy;
import java.io.IOException;
import java.net.BindException;
import java.net.Socket;
import java.net.SocketException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.WindowRateControl;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One server that listens on one port. */
final class JettyServer implements HttpServer {
    private static final Logger LOG = LoggerFactory.getLogger(JettyServer.class);

    /** Control frames a second before a connection is taken for an attack: a client that ends hundreds of watches at once is none. */
    private static final int MAX_EVENT_RATE = 1000;

    private static final int RESPONSE_HEADER_LIMIT = 64 * 1024;
    private static final int BACKLOG = 1024;

    private final HttpServerOptions options;
    private final Server server;
    private final ServerConnector connector;
    private final ExchangeHandler exchanges;
    private final AtomicBoolean closed = new AtomicBoolean();

    private JettyServer(
            HttpServerOptions options, Server server, ServerConnector connector, ExchangeHandler exchanges) {
        this.options = options;
        this.server = server;
        this.connector = connector;
        this.exchanges = exchanges;
    }

    static JettyServer start(
            HttpServerOptions options,
            ThreadPool threads,
            Scheduler scheduler,
            ByteBufferPool buffers,
            Runnable failedHandshake)
            throws IOException {
        var server = new Server(threads, scheduler, buffers);
        var exchanges = new ExchangeHandler(options, new ClientCertificates(options.tls()));
        try {
            ServerConnector[] made = new ServerConnector[1];
            withServices(() -> {
                made[0] = connector(server, options);
                made[0].addBean(failing(failedHandshake));
                server.setConnectors(new ServerConnector[] {made[0]});
                server.setHandler(exchanges);
                server.setErrorHandler((request, response, callback) -> {
                    int code = response.getStatus() < 400 ? 500 : response.getStatus();
                    ExchangeHandler.refuse(response, callback, code, HttpStatus.getMessage(code));
                    return true;
                });
                server.setStopTimeout(0);
                server.start();
            });
            return new JettyServer(options, server, made[0], exchanges);
        } catch (Exception failed) {
            abandon(server);
            throw explain(options, failed);
        }
    }

    private static SslHandshakeListener failing(Runnable failed) {
        return new SslHandshakeListener() {
            @Override
            public void handshakeFailed(Event event, Throwable failure) {
                failed.run();
            }
        };
    }

    private static ServerConnector connector(Server server, HttpServerOptions options) throws GeneralSecurityException {
        var connector = new KeptAliveConnector(server, protocols(options));
        connector.setName(options.name());
        connector.setHost(options.bindAddress().isEmpty() ? null : options.bindAddress());
        connector.setPort(options.port());
        connector.setIdleTimeout(options.idle().toMillis());
        connector.setAcceptQueueSize(BACKLOG);
        connector.setReuseAddress(true);
        return connector;
    }

    private static ConnectionFactory[] protocols(HttpServerOptions options) throws GeneralSecurityException {
        HttpConfiguration http = configuration(options);
        var http1 = new HttpConnectionFactory(http);
        ServerTls tls = options.tls();
        if (tls == null) {
            return new ConnectionFactory[] {http1};
        }
        if (options.streams() == 0) {
            return new ConnectionFactory[] {
                new SslConnectionFactory(tlsFactory(tls, options.policy()), http1.getProtocol()), http1
            };
        }
        var http2 = new HTTP2ServerConnectionFactory(http);
        http2.setMaxConcurrentStreams(options.streams());
        http2.setRateControlFactory(new WindowRateControl.Factory(MAX_EVENT_RATE));
        http2.setConnectProtocolEnabled(false);
        // Streams of watches are silent for long; a connection without streams ends with the connector's idle time.
        http2.setStreamIdleTimeout(0);
        var alpn = new ALPNServerConnectionFactory("h2", "http/1.1");
        alpn.setDefaultProtocol(http1.getProtocol());
        List<ConnectionFactory> factories = new ArrayList<>();
        factories.add(new SslConnectionFactory(tlsFactory(tls, options.policy()), alpn.getProtocol()));
        factories.add(alpn);
        factories.add(http2);
        factories.add(http1);
        return factories.toArray(ConnectionFactory[]::new);
    }

    private static HttpConfiguration configuration(HttpServerOptions options) {
        var http = new HttpConfiguration();
        http.setRequestHeaderSize(options.headerLimit());
        http.setResponseHeaderSize(RESPONSE_HEADER_LIMIT);
        http.setSendServerVersion(false);
        // RequestTarget is stricter than Jetty where it matters, and answers as Kubernetes does.
        http.setUriCompliance(UriCompliance.UNSAFE);
        return http;
    }

    private static SslContextFactory.Server tlsFactory(ServerTls tls, TlsPolicy policy)
            throws GeneralSecurityException {
        var factory = new SslContextFactory.Server();
        factory.setSslContext(ServerTlsContext.of(tls));
        factory.setIncludeProtocols(policy.protocols().toArray(String[]::new));
        factory.setExcludeProtocols();
        factory.setIncludeCipherSuites(policy.cipherSuites().toArray(String[]::new));
        factory.setExcludeCipherSuites();
        factory.setWantClientAuth(!tls.clientAuthorities().isEmpty());
        factory.setSniRequired(false);
        factory.setRenegotiationAllowed(false);
        return factory;
    }

    @Override
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        connector.close();
        exchanges.drain(options.drain());
        abandon(server);
    }

    private static void abandon(Server server) {
        try {
            server.stop();
        } catch (Exception failed) {
            LOG.warn("A server did not stop cleanly", failed);
        }
    }

    private static IOException explain(HttpServerOptions options, Exception failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                throw new IllegalStateException(bindMessage(options, cause), failed);
            }
        }
        return failed instanceof IOException io ? io : new IOException(failed.getMessage(), failed);
    }

    private static String bindMessage(HttpServerOptions options, Throwable cause) {
        String where = (options.bindAddress().isEmpty() ? "" : options.bindAddress() + " ") + "port " + options.port();
        String message = String.valueOf(cause.getMessage());
        if (message.contains("in use")) {
            return "The " + options.name() + " cannot listen on " + where
                    + ": it is in use. Stop the program that holds it (ss -tlnp shows it) or choose another port";
        }
        if (message.contains("ermission")) {
            return "The " + options.name() + " cannot listen on " + where
                    + ": not permitted. Run as root or choose a port above 1023";
        }
        return "The " + options.name() + " cannot listen on " + where + ": " + message
                + ". Choose an address of this machine";
    }

    /** Jetty finds its parts by service loader, which must see this bundle; some are found once, when a class is first used. */
    static void withServices(Action action) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(JettyServer.class.getClassLoader());
        try {
            Class.forName("org.eclipse.jetty.http.PreEncodedHttpField");
            action.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Something that starts. */
    interface Action {
        /** Does it. */
        void run() throws Exception;
    }

    /** Asks the kernel to notice peers that vanished: nothing else ends an idle watch or exec session. */
    private static final class KeptAliveConnector extends ServerConnector {
        KeptAliveConnector(Server server, ConnectionFactory... factories) {
            super(server, null, null, null, 0, 1, factories);
        }

        @Override
        protected void configure(Socket socket) {
            super.configure(socket);
            try {
                socket.setKeepAlive(true);
            } catch (SocketException gone) {
                LOG.debug("The connection went away before it was set up", gone);
            }
        }
    }
}
