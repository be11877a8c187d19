package dev.kite.security;

import dev.kite.api.http.Duplex;
import dev.kite.api.http.Headers;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.QueryParameters;
import dev.kite.api.security.UserInfo;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A request as filters see it, and what they answered. */
public final class FakeExchange implements HttpExchange {
    private final String method;
    private final String path;
    private final String query;
    private final Headers requestHeaders = new Headers();
    private final Headers responseHeaders = new Headers();
    private final Map<Class<?>, Object> attributes = new HashMap<>();
    private List<X509Certificate> certificates = List.of();
    private UserInfo user;
    private int status;
    private byte[] body = {};

    public FakeExchange(String method, String path, String query) {
        this.method = method;
        this.path = path;
        this.query = query;
    }

    public FakeExchange header(String name, String value) {
        requestHeaders.add(name, value);
        return this;
    }

    public FakeExchange certificates(List<X509Certificate> chain) {
        certificates = chain;
        return this;
    }

    public FakeExchange as(UserInfo who) {
        user = who;
        return this;
    }

    public String answer() {
        return new String(body, StandardCharsets.UTF_8);
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String rawPath() {
        return path;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public String rawQuery() {
        return query;
    }

    @Override
    public QueryParameters query() {
        return QueryParameters.parse(query);
    }

    @Override
    public Headers requestHeaders() {
        return requestHeaders;
    }

    @Override
    public InputStream requestBody() {
        return new ByteArrayInputStream(new byte[0]);
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return InetSocketAddress.createUnresolved("in-process", 0);
    }

    @Override
    public String protocol() {
        return "HTTP/1.1";
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return certificates;
    }

    @Override
    public UserInfo user() {
        return user;
    }

    @Override
    public void user(UserInfo who) {
        user = who;
    }

    @Override
    public <T> T attribute(Class<T> type) {
        return type.cast(attributes.get(type));
    }

    @Override
    public <T> void attribute(Class<T> type, T value) {
        attributes.put(type, value);
    }

    @Override
    public void status(int code) {
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
        return new ByteArrayOutputStream();
    }

    @Override
    public void respond(int code, String contentType, byte[] answer) {
        status = code;
        responseHeaders.set("Content-Type", contentType);
        body = answer;
    }

    @Override
    public boolean committed() {
        return status != 0;
    }

    @Override
    public boolean upgradable() {
        return false;
    }

    @Override
    public Duplex upgrade() {
        throw new IllegalStateException();
    }

    @Override
    public void onClose(Runnable action) {}

    @Override
    public boolean closed() {
        return false;
    }
}
