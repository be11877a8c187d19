package dev.kite.http;

import dev.kite.api.http.Headers;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A client's request.
 *
 * @param method the method in upper case
 * @param uri an absolute {@code http} or {@code https} URI; path and query are sent as they are encoded in it
 * @param headers its header fields; {@code Host}, {@code Content-Length} and {@code Transfer-Encoding} are the client's to set, though a given {@code Host} is kept
 * @param body the body, null for none
 * @param bodyLength the body's length in bytes, negative if unknown (sent in chunks)
 */
public record HttpClientRequest(
        String method, URI uri, Headers headers, @Nullable InputStream body, long bodyLength) {
    /**
     * A request without body.
     *
     * @param method the method
     * @param uri the URI
     * @return the request
     */
    public static HttpClientRequest of(String method, URI uri) {
        return new HttpClientRequest(method, uri, new Headers(), null, 0);
    }

    /**
     * A request with a whole body.
     *
     * @param method the method
     * @param uri the URI
     * @param contentType the body's media type
     * @param body the body
     * @return the request
     */
    public static HttpClientRequest of(String method, URI uri, String contentType, byte[] body) {
        return new HttpClientRequest(
                method,
                uri,
                new Headers().set("Content-Type", contentType),
                new ByteArrayInputStream(body),
                body.length);
    }

    /**
     * Adds a header field.
     *
     * @param name the field's name
     * @param value its value
     * @return this
     */
    public HttpClientRequest header(String name, String value) {
        headers.add(name, value);
        return this;
    }
}
