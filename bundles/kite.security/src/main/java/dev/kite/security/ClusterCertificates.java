package dev.kite.security;

import java.io.IOException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;

/**
 * The cluster's certificates: k3s's files in DATA/server/tls, made where they are missing, renewed at start and while running when fewer than 120 of their
 * 365 days remain. Authorities live 10 years, are never overwritten, and may be the user's own. A service of every server; thread-safe.
 */
public interface ClusterCertificates {
    /**
     * Returns an authority's certificates.
     *
     * @param authority the authority
     * @return the signing certificate, then those that signed it where the user's own is an intermediate
     */
    List<X509Certificate> authority(Authority authority);

    /**
     * Returns an authority's certificates as they are handed out, for example by {@code /cacerts} and in {@code kube-root-ca.crt}.
     *
     * @param authority the authority
     * @return the content of its {@code .crt} file, PEM
     */
    String authorityPem(Authority authority);

    /**
     * Returns what one of the server's own clients signs in with, as it is now. Ask again for each connection: it is renewed.
     *
     * @param component the client
     * @return its key and certificates
     */
    Identity component(ComponentIdentity component);

    /**
     * Returns what the API port presents, as it is now.
     *
     * @return serving-kube-apiserver's key and certificates
     */
    Identity server();

    /**
     * Returns what this server's own kubelet signs in with: the user system:node:NAME in the group system:nodes.
     *
     * @return client-kubelet of DATA/agent
     */
    Identity kubeletClient();

    /**
     * Returns what this server's own kubelet presents to the API server.
     *
     * @return serving-kubelet of DATA/agent
     */
    Identity kubeletServer();

    /**
     * Makes a key and has an authority certify it. Nothing is written.
     *
     * @param authority who signs
     * @param spec what the certificate says
     * @return the new key and its certificates, valid for 365 days
     */
    Identity issue(Authority authority, CertificateSpec spec);

    /**
     * Has an authority certify another's key, as for a kubelet that keeps its own or an approved CertificateSigningRequest.
     *
     * @param authority who signs
     * @param key the public key, EC, RSA or Ed25519
     * @param spec what the certificate says
     * @param validity how long, at most until the authority's own end
     * @return the certificate, then the authority's
     */
    List<X509Certificate> sign(Authority authority, PublicKey key, CertificateSpec spec, Duration validity);

    /**
     * Returns the keys of service account tokens in service.key: the first signs, all verify.
     *
     * @return at least one key pair
     * @throws IOException if the file cannot be read
     */
    List<KeyPair> serviceAccountKeys() throws IOException;

    /**
     * Tells of renewals.
     *
     * @param action called after certificates changed, on the renewal's thread; must not block
     * @return ends the calls when closed
     */
    Subscription onChange(Runnable action);

    /** The end of a subscription. */
    interface Subscription extends AutoCloseable {
        /** Ends it; calling again has no effect. */
        @Override
        void close();
    }
}
