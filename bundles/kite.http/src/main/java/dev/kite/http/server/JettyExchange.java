package dev.kite.http.server;

import dev.kite.api.http.BodyTooLargeException;
import dev.kite.api.http.Duplex;
import dev.kite.api.http.Headers;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.QueryParameters;
import dev.kite.api.security.UserInfo;
import dev.kite.http.Endable;
import dev.kite.http.message.RequestTarget;
import dev.kite.http.message.Statuses;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** One request from a connection. Its handler's thread alone calls it, but for the close actions. */
final class JettyExchange implements HttpExchange, Endable {
    private final Request request;
    private final Response response;
    private final Callback completion;
    private final RequestTarget target;
    private final Headers requestHeaders = new Headers();
    private final Headers responseHeaders = new Headers();
    private final LimitedBody requestBody;
    private final ResponseStream responseBody;
    private final List<X509Certificate> peerCertificates;
    private final Map<Class<?>, Object> attributes = new HashMap<>(4);
    private final CloseActions closing = new CloseActions();
    private final @Nullable CloseWatch closeWatch;
    private final boolean bodiless;
    private final long bodyLimit;
    private @Nullable UserInfo user;
    private @Nullable UpgradedConnection upgraded;
    private int status = 200;
    private boolean committed;

    JettyExchange(
            Request request,
            Response response,
            Callback completion,
            RequestTarget target,
            List<X509Certificate> peerCertificates,
            long bodyLimit) {
        this.request = request;
        this.response = response;
        this.completion = completion;
        this.target = target;
        this.peerCertificates = peerCertificates;
        this.bodyLimit = bodyLimit;
        for (HttpField field : request.getHeaders()) {
            String value = field.getValue();
            requestHeaders.add(field.getName(), value == null ? "" : value);
        }
        requestBody = new LimitedBody(Content.Source.asInputStream(request), request.getLength(), bodyLimit);
        bodiless = request.getLength() == 0
                || (request.getLength() < 0 && !requestHeaders.hasToken("Transfer-Encoding", "chunked"));
        responseBody = new ResponseStream(response, this::commit);
        boolean multiplexed = request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2;
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        closeWatch = multiplexed ? null : new CloseWatch(endPoint, closing::close);
        request.addFailureListener(_ -> closing.close());
        // A handler may think for long; what is bounded is the time that a read or a write waits for the client.
        request.addIdleTimeoutListener(_ -> false);
    }

    /** Ends the exchange after its handler has returned. */
    void complete() {
        try {
            UpgradedConnection tunnel = upgraded;
            if (tunnel != null) {
                return;
            }
            responseBody.close();
            finish(null);
        } catch (IOException gone) {
            finish(gone);
        }
    }

    /** Ends the exchange after its handler has failed: with a Status if that is still possible, else by breaking off. */
    void fail(Throwable failure) {
        if (upgraded != null) {
            upgraded.close();
            return;
        }
        if (committed || (failure instanceof IOException && !(failure instanceof BodyTooLargeException))) {
            finish(failure);
            return;
        }
        try {
            if (failure instanceof BodyTooLargeException) {
                responseHeaders.set("Connection", "close");
                Statuses.respond(this, 413, "RequestEntityTooLarge", "Request entity too large: limit is " + bodyLimit);
            } else {
                Statuses.respond(this, 500, "InternalError", "Internal error occurred: " + failure);
            }
            finish(null);
        } catch (IOException gone) {
            finish(gone);
        }
    }

    private void finish(@Nullable Throwable failure) {
        if (closeWatch != null) {
            closeWatch.stop();
        }
        if (failure == null) {
            closing.end();
            completion.succeeded();
        } else {
            closing.close();
            completion.failed(failure);
        }
    }

    @Override
    public void endSoon() {
        closing.close();
    }

    private void commit() {
        if (committed) {
            return;
        }
        committed = true;
        response.setStatus(status);
        responseHeaders.forEach((name, value) -> response.getHeaders().add(name, value));
        if (closeWatch == null && responseHeaders.hasToken("Connection", "close")) {
            goAway();
        }
    }

    /** HTTP/2's way to close a connection: requests under way end on it, new ones come on another. RFC 9113, 6.8 and 8.2.2. */
    private void goAway() {
        response.getHeaders().remove(HttpHeader.CONNECTION);
        if (request.getConnectionMetaData().getConnection() instanceof HTTP2Connection connection) {
            connection.getSession().close(ErrorCode.NO_ERROR.code, "", Callback.NOOP);
        }
    }

    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public String rawPath() {
        return target.rawPath();
    }

    @Override
    public String path() {
        return target.path();
    }

    @Override
    public String rawQuery() {
        return target.rawQuery();
    }

    @Override
    public QueryParameters query() {
        return target.query();
    }

    @Override
    public Headers requestHeaders() {
        return requestHeaders;
    }

    @Override
    public InputStream requestBody() {
        return requestBody;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress address
                ? address
                : InetSocketAddress.createUnresolved("unknown", 0);
    }

    @Override
    public String protocol() {
        return request.getConnectionMetaData().getHttpVersion().asString();
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return peerCertificates;
    }

    @Override
    public @Nullable UserInfo user() {
        return user;
    }

    @Override
    public void user(UserInfo newUser) {
        this.user = newUser;
    }

    @Override
    public <T> @Nullable T attribute(Class<T> type) {
        Object found = attributes.get(type);
        return found == null ? null : type.cast(found);
    }

    @Override
    public <T> void attribute(Class<T> type, T value) {
        attributes.put(type, value);
    }

    @Override
    public void status(int code) {
        if (committed) {
            throw new IllegalStateException("The response is committed");
        }
        status = code;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public Headers responseHeaders() {
        return responseHeaders;
    }

    @Override
    public OutputStream responseBody() {
        return responseBody;
    }

    @Override
    public void respond(int code, String contentType, byte[] body) throws IOException {
        status(code);
        responseHeaders.set("Content-Type", contentType);
        responseHeaders.set("Content-Length", Integer.toString(body.length));
        responseBody.whole(body);
    }

    @Override
    public long responseBytes() {
        return responseBody.written();
    }

    @Override
    public boolean committed() {
        return committed;
    }

    @Override
    public boolean upgradable() {
        return closeWatch != null
                && request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1
                && requestHeaders.hasToken("Connection", "Upgrade")
                && requestHeaders.first("Upgrade") != null;
    }

    @Override
    public Duplex upgrade() throws IOException {
        if (closeWatch == null || !upgradable() || committed) {
            throw new IllegalStateException("The exchange cannot be upgraded");
        }
        closeWatch.stop();
        status = 101;
        commit();
        var tunnel = new UpgradedConnection(
                request.getTunnelSupport().getEndPoint(),
                request.getComponents().getExecutor(),
                closing::close);
        upgraded = tunnel;
        request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, tunnel);
        // The last write comes before the completion, as for all responses: Jetty completes a response twice if it has
        // to do the last write itself while
        // its own thread is just leaving the handler.
        var sent = new BlockingCallback();
        response.write(true, BufferUtil.EMPTY_BUFFER, sent);
        sent.await();
        completion.succeeded();
        tunnel.awaitOpen();
        return tunnel;
    }

    @Override
    public void onClose(Runnable action) {
        closing.add(action);
        if (closeWatch != null && upgraded == null && (bodiless || requestBody.ended())) {
            closeWatch.start();
        }
    }

    @Override
    public boolean closed() {
        return closing.closed();
    }
}
