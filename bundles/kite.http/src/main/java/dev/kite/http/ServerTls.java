package dev.kite.http;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A server's certificates, asked anew at each handshake, so that what it answers may change while the server serves; no notice of a change is
 * needed. Thread-safe; answers from memory.
 */
public interface ServerTls {
    /**
     * Returns what the server presents.
     *
     * @param serverName the name that the client asked for (SNI), null where it named none
     * @return the key and its certificates
     */
    TlsIdentity identity(@Nullable String serverName);

    /**
     * Returns the authorities that client certificates are verified against, at each request. A certificate that they do not vouch for does not end the handshake:
     * its exchange shows none, as upstream, where such a request is answered 401.
     *
     * @return the authorities, empty if clients are not asked for certificates (fixed at the server's start)
     */
    default List<X509Certificate> clientAuthorities() {
        return List.of();
    }
}
