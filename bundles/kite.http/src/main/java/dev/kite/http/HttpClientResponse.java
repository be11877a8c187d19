package dev.kite.http;

import dev.kite.api.http.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.security.cert.X509Certificate;
import java.util.List;

/** A response as its body comes. Not thread-safe, but for {@link #close}, which ends a read in another thread. */
public interface HttpClientResponse extends AutoCloseable {
    /** @return the status code */
    int status();

    /** @return the header fields */
    Headers headers();

    /** @return the body; closing it is closing the response */
    InputStream body();

    /** @return the server's certificates, leaf first; empty without TLS */
    List<X509Certificate> serverCertificates();

    /**
     * Reads the rest of the body.
     *
     * @param limit the largest body taken, in bytes
     * @return the body
     * @throws IOException if the server went away or the body is larger
     */
    default byte[] bytes(int limit) throws IOException {
        byte[] read = body().readNBytes(limit);
        if (read.length == limit && body().read() >= 0) {
            throw new IOException("The response's body is larger than " + limit + " bytes");
        }
        return read;
    }

    /** Ends the response; its connection is kept for reuse where its body was read to the end, else closed. */
    @Override
    void close();
}
