package dev.kite.security;

import dev.kite.api.security.Authenticator;
import dev.kite.security.authn.ClientCertificateAuthenticator;
import dev.kite.security.pki.Keys;
import dev.kite.security.pki.Pem;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;

/** Keys and certificates of PEM files that a user names. */
public final class PemFiles {
    private PemFiles() {}

    /**
     * Reads an identity.
     *
     * @param certificate the file of its certificate, others of the chain after it
     * @param key the file of its private key
     * @return the identity
     * @throws IOException if a file cannot be read or holds something else; the message names it
     */
    public static Identity identity(Path certificate, Path key) throws IOException {
        List<X509Certificate> chain = certificates(certificate);
        try {
            return new Identity(Keys.read(Pem.readFile(key)), chain);
        } catch (IllegalArgumentException e) {
            throw new IOException(key + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads certificates.
     *
     * @param file their file
     * @return them, one at least
     * @throws IOException if it cannot be read or holds none; the message names it
     */
    public static List<X509Certificate> certificates(Path file) throws IOException {
        try {
            List<X509Certificate> all = Pem.certificates(Pem.readFile(file));
            if (all.isEmpty()) {
                throw new IOException(file + ": there is no certificate in it");
            }
            return all;
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Authenticates by client certificates, as the API server does.
     *
     * @param authorities whose certificates are taken
     * @return tells users by them
     */
    public static Authenticator clients(List<X509Certificate> authorities) {
        return ClientCertificateAuthenticator.trusting(List.copyOf(authorities));
    }
}
