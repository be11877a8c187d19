package dev.kite.http;

import dev.kite.api.http.Duplex;
import dev.kite.api.http.Headers;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.QueryParameters;
import dev.kite.api.http.RequestDispatcher;
import dev.kite.api.security.UserInfo;
import dev.kite.http.message.RequestTarget;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request of a client in this process: no socket, no HTTP bytes, but the whole path of filters and routes. The response is consumed while it is
 * made, through a pipe of bounded size.
 *
 * <pre>{@code
 * try (InProcessResponse response = InProcessExchange.request("GET", "/api/v1/pods?limit=500").user(user).build().send(dispatcher)) {
 *     byte[] list = response.bytes();
 * }
 * }</pre>
 */
public final class InProcessExchange implements HttpExchange, Endable {
    private static final InetSocketAddress ADDRESS = InetSocketAddress.createUnresolved("in-process", 0);

    private final String method;
    private final RequestTarget target;
    private final Headers requestHeaders;
    private final InputStream requestBody;
    private final ResponsePipe pipe = new ResponsePipe();
    private final Headers responseHeaders = new Headers();
    private final OutputStream responseBody = pipe.writer(this::commit);
    private final Map<Class<?>, Object> attributes = new HashMap<>(4);
    private @Nullable UserInfo user;
    private int status = 200;

    private InProcessExchange(Builder builder) {
        this.method = builder.method;
        this.target = RequestTarget.parse(builder.target);
        this.requestHeaders = builder.headers;
        this.requestBody = builder.body;
        this.user = builder.user;
    }

    /**
     * Starts to describe a request.
     *
     * @param method the method in upper case
     * @param pathAndQuery the path, percent-encoded, with an optional query after a question mark
     * @return its builder
     */
    public static Builder request(String method, String pathAndQuery) {
        return new Builder(method, pathAndQuery);
    }

    /**
     * Runs the request on a virtual thread of its own and returns when the response's header is there. To be called once.
     *
     * @param dispatcher the API port's path
     * @return the response, which the caller closes
     * @throws IOException if the request ended without a response, or the caller was interrupted
     */
    public InProcessResponse send(RequestDispatcher dispatcher) throws IOException {
        Thread.ofVirtual().name("in-process " + method + " " + target.path()).start(() -> run(dispatcher));
        return pipe.awaitResponse();
    }

    private void run(RequestDispatcher dispatcher) {
        try {
            dispatcher.dispatch(this);
            responseBody.close();
        } catch (IOException | RuntimeException failure) {
            pipe.fail(failure);
        } catch (Error failure) {
            pipe.fail(failure);
            throw failure;
        }
    }

    private void commit() {
        pipe.commit(status, responseHeaders);
    }

    @Override
    public String method() {
        return method;
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
        return ADDRESS;
    }

    @Override
    public String protocol() {
        return "in-process";
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return List.of();
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
        if (committed()) {
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
        commit();
        pipe.whole(method.equals("HEAD") ? new byte[0] : body);
    }

    @Override
    public long responseBytes() {
        return pipe.passed();
    }

    @Override
    public boolean committed() {
        return pipe.committed();
    }

    @Override
    public boolean upgradable() {
        return false;
    }

    @Override
    public Duplex upgrade() {
        throw new IllegalStateException("An in-process exchange has no connection to upgrade");
    }

    @Override
    public void onClose(Runnable action) {
        pipe.onClose(action);
    }

    @Override
    public void endSoon() {
        pipe.endSoon();
    }

    @Override
    public boolean closed() {
        return pipe.closed();
    }

    /** Describes a request. Not thread-safe. */
    public static final class Builder {
        private final String method;
        private final String target;
        private final Headers headers = new Headers();
        private InputStream body = InputStream.nullInputStream();
        private @Nullable UserInfo user;

        private Builder(String method, String target) {
            this.method = method;
            this.target = target;
        }

        /**
         * Adds a header field.
         *
         * @param name its name
         * @param value its value
         * @return this
         */
        public Builder header(String name, String value) {
            headers.add(name, value);
            return this;
        }

        /**
         * Sets the body; it is not copied and must not be changed.
         *
         * @param contentType its media type
         * @param bytes the body
         * @return this
         */
        public Builder body(String contentType, byte[] bytes) {
            headers.set("Content-Type", contentType);
            headers.set("Content-Length", Integer.toString(bytes.length));
            body = new ByteArrayInputStream(bytes);
            return this;
        }

        /**
         * Sets who asks: stands in for authentication.
         *
         * @param asking the user
         * @return this
         */
        public Builder user(UserInfo asking) {
            user = asking;
            return this;
        }

        /**
         * Makes the exchange.
         *
         * @return the exchange
         * @throws IllegalArgumentException if the path or query is malformed
         */
        public InProcessExchange build() {
            return new InProcessExchange(this);
        }
    }
}
