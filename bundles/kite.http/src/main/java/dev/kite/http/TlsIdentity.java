package dev.kite.http;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A private key with the certificates that vouch for it. Immutable.
 *
 * @param key the private key
 * @param chain its certificate first, then those of its issuers; never empty
 */
public record TlsIdentity(PrivateKey key, List<X509Certificate> chain) {
    /** Copies the chain. */
    public TlsIdentity {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("An identity needs a certificate");
        }
    }

    @Override
    public String toString() {
        return "TlsIdentity[" + chain.getFirst().getSubjectX500Principal() + "]";
    }
}
