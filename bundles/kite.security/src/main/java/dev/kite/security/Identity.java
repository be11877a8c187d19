package dev.kite.security;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A private key and the certificates that say whose it is. Its text form shows no key.
 *
 * @param key the private key
 * @param chain its certificate, then that of its authority (and of that one's, where it is not self-signed)
 */
public record Identity(PrivateKey key, List<X509Certificate> chain) {
    /** Copies the chain, which holds at least the leaf. */
    public Identity {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("an identity has a certificate");
        }
    }

    /** @return the key's certificate */
    public X509Certificate certificate() {
        return chain.getFirst();
    }

    @Override
    public String toString() {
        return "Identity[" + certificate().getSubjectX500Principal().getName() + "]";
    }
}
