package dev.kite.http.server;

import dev.kite.http.HttpServerOptions;
import dev.kite.http.message.RequestTarget;
import dev.kite.http.message.Statuses;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where Jetty ends and exchanges begin: gives each request a virtual thread, and knows those under way. */
final class ExchangeHandler extends Handler.Abstract.NonBlocking {
    private static final Logger LOG = LoggerFactory.getLogger(ExchangeHandler.class);

    private final HttpServerOptions options;
    private final ClientCertificates clientCertificates;
    private final Set<JettyExchange> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;

    ExchangeHandler(HttpServerOptions options, ClientCertificates clientCertificates) {
        this.options = options;
        this.clientCertificates = clientCertificates;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (draining) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
            response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
            refuse(response, callback, 503, "The server is stopping");
            return true;
        }
        RequestTarget target;
        try {
            target = RequestTarget.parse(request.getHttpURI().getPathQuery());
        } catch (IllegalArgumentException malformed) {
            refuse(response, callback, 400, "The request's URI is malformed: " + malformed.getMessage());
            return true;
        }
        var exchange =
                new JettyExchange(request, response, callback, target, peerCertificates(request), options.bodyLimit());
        underWay.add(exchange);
        Thread.ofVirtual().name(options.name() + " " + request.getMethod()).start(() -> run(exchange));
        return true;
    }

    private void run(JettyExchange exchange) {
        try {
            options.handler().handle(exchange);
            exchange.complete();
        } catch (IOException gone) {
            LOG.debug("{}: {} {} broke off", options.name(), exchange.method(), exchange.path(), gone);
            exchange.fail(gone);
        } catch (RuntimeException | Error failure) {
            LOG.error("{}: {} {} failed", options.name(), exchange.method(), exchange.path(), failure);
            exchange.fail(failure);
        } finally {
            underWay.remove(exchange);
            if (draining) {
                synchronized (underWay) {
                    underWay.notifyAll();
                }
            }
        }
    }

    private List<X509Certificate> peerCertificates(Request request) {
        EndPoint.SslSessionData tls =
                request.getConnectionMetaData().getConnection().getEndPoint().getSslSessionData();
        return tls == null ? List.of() : clientCertificates.verified(tls.sslSession());
    }

    static void refuse(Response response, Callback callback, int code, String message) {
        byte[] status = Statuses.json(code, Statuses.reason(code), message);
        response.setStatus(code);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, status.length);
        response.write(true, ByteBuffer.wrap(status), callback);
    }

    /** Takes no more requests, tells those that wait, and waits until all have ended or the time is up. */
    void drain(Duration within) {
        draining = true;
        underWay.forEach(JettyExchange::endSoon);
        long deadline = System.nanoTime() + within.toNanos();
        synchronized (underWay) {
            while (!underWay.isEmpty()) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    LOG.warn("{}: {} requests are broken off by the stop", options.name(), underWay.size());
                    return;
                }
                try {
                    underWay.wait(left);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }
}
