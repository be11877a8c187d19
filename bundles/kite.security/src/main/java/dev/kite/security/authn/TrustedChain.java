package dev.kite.security.authn;

import dev.kite.security.KeyPurpose;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Whether one authority vouches for a client's certificate. The port accepts certificates of several authorities, and only one of them names users. What was verified
 * is remembered for the newest certificates, since a client sends the same with each request. Thread-safe.
 */
final class TrustedChain {
    private static final int REMEMBERED = 512;

    private final Supplier<List<X509Certificate>> authorities;

    /** Guarded by itself; leaf to the authorities that vouched for it. */
    private final Map<X509Certificate, List<X509Certificate>> verified = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<X509Certificate, List<X509Certificate>> eldest) {
            return size() > REMEMBERED;
        }
    };

    TrustedChain(Supplier<List<X509Certificate>> authorities) {
        this.authorities = authorities;
    }

    /** Whether the chain ends at the authority, is valid now, and is a client's. */
    boolean vouchesFor(List<X509Certificate> chain, Instant now) {
        if (chain.isEmpty()) {
            return false;
        }
        X509Certificate leaf = chain.getFirst();
        List<X509Certificate> trusted = authorities.get();
        if (now.isBefore(leaf.getNotBefore().toInstant())
                || now.isAfter(leaf.getNotAfter().toInstant())) {
            return false;
        }
        synchronized (verified) {
            if (trusted.equals(verified.get(leaf))) {
                return true;
            }
        }
        if (!isClients(leaf) || !validates(chain, trusted, now)) {
            return false;
        }
        synchronized (verified) {
            verified.put(leaf, trusted);
        }
        return true;
    }

    private static boolean isClients(X509Certificate leaf) {
        try {
            List<String> purposes = leaf.getExtendedKeyUsage();
            return purposes == null
                    || purposes.contains(KeyPurpose.CLIENT_AUTH.oid())
                    || purposes.contains("2.5.29.37.0");
        } catch (CertificateException e) {
            return false;
        }
    }

    private static boolean validates(List<X509Certificate> chain, List<X509Certificate> trusted, Instant now) {
        List<X509Certificate> path = chain.stream()
                .takeWhile(certificate -> !trusted.contains(certificate))
                .toList();
        if (path.isEmpty()) {
            return false;
        }
        try {
            Set<TrustAnchor> anchors = trusted.stream()
                    .map(certificate -> new TrustAnchor(certificate, null))
                    .collect(Collectors.toSet());
            PKIXParameters parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
            return true;
        } catch (CertPathValidatorException | InvalidAlgorithmParameterException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this machine's Java cannot validate certificates", e);
        }
    }
}
