package dev.kite.api.http;

import dev.kite.api.security.UserInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request and its response. An exchange is handled on one virtual thread with blocking calls; it is not thread-safe, but
 * for {@link #onClose} and {@link #closed}. The response is committed by the first flush of {@link #responseBody}, by
 * {@link #respond}, or at the latest when the handler returns.
 */
public interface HttpExchange {
    /** @return the method in upper case, for example {@code GET} */
    String method();

    /** @return the path as sent, percent-encoded, always starting with a slash */
    String rawPath();

    /** @return the path with percent-encoding undone; segments that encode a slash are refused before an exchange is made */
    String path();

    /** @return the query as sent without the question mark, empty where there is none */
    String rawQuery();

    /** @return the parsed query */
    QueryParameters query();

    /** @return the request's header fields; changes are seen by later filters */
    Headers requestHeaders();

    /**
     * The request's body. Reading past the server's bound throws {@link BodyTooLargeException}.
     *
     * @return the body, empty where there is none
     */
    InputStream requestBody();

    /** @return where the request came from; an unresolved address named {@code in-process} for a client in this process */
    InetSocketAddress remoteAddress();

    /** @return the protocol, for example {@code HTTP/2.0} */
    String protocol();

    /** @return the client's verified certificate chain, leaf first; empty where it presented none */
    List<X509Certificate> peerCertificates();

    /** @return who asks, or null before authentication */
    @Nullable
    UserInfo user();

    /**
     * Sets who asks.
     *
     * @param user the authenticated or impersonated user
     */
    void user(UserInfo user);

    /**
     * Returns what a filter left for those after it.
     *
     * @param <T> the attribute's type
     * @param type the attribute's key
     * @return the attribute, or null
     */
    <T> @Nullable T attribute(Class<T> type);

    /**
     * Leaves something for later filters and the handler.
     *
     * @param <T> the attribute's type
     * @param type the attribute's key
     * @param value the attribute
     */
    <T> void attribute(Class<T> type, T value);

    /**
     * Sets the response's status code; 200 where it is never called.
     *
     * @param code the status code
     * @throws IllegalStateException if the response is committed
     */
    void status(int code);

    /** @return the status code set so far */
    int status();

    /** @return the response's header fields; changes after the commit have no effect */
    Headers responseHeaders();

    /**
     * The response's body. Buffered; a flush sends what there is, as watches do after each event.
     *
     * @return the body's stream
     */
    OutputStream responseBody();

    /**
     * Answers with a whole body of known length.
     *
     * @param code the status code
     * @param contentType the body's media type
     * @param body the body
     * @throws IOException if the client went away
     */
    void respond(int code, String contentType, byte[] body) throws IOException;

    /** @return how many bytes of the response's body were written so far, as they go out; 0 where nobody counts them */
    default long responseBytes() {
        return 0;
    }

    /** @return whether the response's header has been sent */
    boolean committed();

    /** @return whether {@link #upgrade} can work: HTTP/1.1 with {@code Connection: Upgrade} */
    boolean upgradable();

    /**
     * Answers 101 with the header fields set so far and hands over the connection's bytes. The caller closes it.
     *
     * @return the connection
     * @throws IOException if the client went away
     * @throws IllegalStateException if the exchange is not {@link #upgradable} or the response is committed
     */
    Duplex upgrade() throws IOException;

    /**
     * Calls back when the client goes away or the server stops, from another thread; at once if that has happened.
     *
     * @param action must not block
     */
    void onClose(Runnable action);

    /** @return whether the client went away or the server stops */
    boolean closed();
}
