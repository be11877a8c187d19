package dev.kite.apiserver.request;

import dev.kite.api.http.Duplex;
import dev.kite.api.http.Headers;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.QueryParameters;
import dev.kite.api.security.UserInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An exchange that passes on all that a step of the request path does not do otherwise. */
public abstract class ForwardingExchange implements HttpExchange {
    /** What it passes on to. */
    protected final HttpExchange inner;

    /**
     * An exchange before another.
     *
     * @param inner the other
     */
    protected ForwardingExchange(HttpExchange inner) {
        this.inner = inner;
    }

    @Override
    public String method() {
        return inner.method();
    }

    @Override
    public String rawPath() {
        return inner.rawPath();
    }

    @Override
    public String path() {
        return inner.path();
    }

    @Override
    public String rawQuery() {
        return inner.rawQuery();
    }

    @Override
    public QueryParameters query() {
        return inner.query();
    }

    @Override
    public Headers requestHeaders() {
        return inner.requestHeaders();
    }

    @Override
    public InputStream requestBody() {
        return inner.requestBody();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return inner.remoteAddress();
    }

    @Override
    public String protocol() {
        return inner.protocol();
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return inner.peerCertificates();
    }

    @Override
    public @Nullable UserInfo user() {
        return inner.user();
    }

    @Override
    public void user(UserInfo user) {
        inner.user(user);
    }

    @Override
    public <T> @Nullable T attribute(Class<T> type) {
        return inner.attribute(type);
    }

    @Override
    public <T> void attribute(Class<T> type, T value) {
        inner.attribute(type, value);
    }

    @Override
    public void status(int code) {
        inner.status(code);
    }

    @Override
    public int status() {
        return inner.status();
    }

    @Override
    public Headers responseHeaders() {
        return inner.responseHeaders();
    }

    @Override
    public OutputStream responseBody() {
        return inner.responseBody();
    }

    @Override
    public void respond(int code, String contentType, byte[] body) throws IOException {
        inner.respond(code, contentType, body);
    }

    @Override
    public long responseBytes() {
        return inner.responseBytes();
    }

    @Override
    public boolean committed() {
        return inner.committed();
    }

    @Override
    public boolean upgradable() {
        return inner.upgradable();
    }

    @Override
    public Duplex upgrade() throws IOException {
        return inner.upgrade();
    }

    @Override
    public void onClose(Runnable action) {
        inner.onClose(action);
    }

    @Override
    public boolean closed() {
        return inner.closed();
    }
}
