package dev.kite.http.server;

import dev.kite.http.ServerTls;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies client certificates after the handshake, which proved possession of the key only: against the authorities of the moment, so that a
 * connection loses its identity when its authority goes or its certificate expires.
 */
final class ClientCertificates {
    private static final Logger LOG = LoggerFactory.getLogger(ClientCertificates.class);
    private static final String VERDICT = "dev.kite.http.verdict";
    private static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_USAGE = "2.5.29.37.0";

    private final @Nullable ServerTls tls;

    ClientCertificates(@Nullable ServerTls tls) {
        this.tls = tls;
    }

    /** What was found for a session: by which authorities, and the chain if they vouch for it. */
    private record Verdict(List<X509Certificate> authorities, List<X509Certificate> chain) {}

    /** Returns the client's chain, leaf first; empty if it presented none, or none that is valid now. */
    List<X509Certificate> verified(SSLSession session) {
        if (tls == null) {
            return List.of();
        }
        List<X509Certificate> authorities = tls.clientAuthorities();
        if (authorities.isEmpty()) {
            return List.of();
        }
        Verdict verdict = session.getValue(VERDICT) instanceof Verdict known
                        && known.authorities().equals(authorities)
                ? known
                : verify(session, authorities);
        return isCurrent(verdict.chain()) ? verdict.chain() : List.of();
    }

    private static boolean isCurrent(List<X509Certificate> chain) {
        try {
            if (!chain.isEmpty()) {
                chain.getFirst().checkValidity();
            }
            return true;
        } catch (CertificateException expired) {
            return false;
        }
    }

    private static Verdict verify(SSLSession session, List<X509Certificate> authorities) {
        List<X509Certificate> presented = presented(session);
        List<X509Certificate> chain = List.of();
        if (!presented.isEmpty()) {
            try {
                validate(presented, authorities);
                chain = presented;
            } catch (GeneralSecurityException untrusted) {
                LOG.debug(
                        "The client certificate of {} is not taken: {}",
                        presented.getFirst().getSubjectX500Principal(),
                        untrusted.getMessage());
            }
        }
        var verdict = new Verdict(authorities, chain);
        session.putValue(VERDICT, verdict);
        return verdict;
    }

    private static List<X509Certificate> presented(SSLSession session) {
        try {
            return Arrays.stream(session.getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException none) {
            return List.of();
        }
    }

    private static void validate(List<X509Certificate> chain, List<X509Certificate> authorities)
            throws GeneralSecurityException {
        requireClientUsage(chain.getFirst());
        Set<TrustAnchor> anchors = new HashSet<>();
        authorities.forEach(authority -> anchors.add(new TrustAnchor(authority, null)));
        var parameters = new PKIXParameters(anchors);
        // Kubernetes has no revocation; certificates are short-lived.
        parameters.setRevocationEnabled(false);
        List<X509Certificate> path =
                chain.stream().filter(c -> !authorities.contains(c)).toList();
        if (path.isEmpty()) {
            throw new CertificateException("an authority's own certificate is no client's");
        }
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
    }

    private static void requireClientUsage(X509Certificate leaf)
            throws CertificateParsingException, CertificateException {
        List<String> usages = leaf.getExtendedKeyUsage();
        if (usages != null && !usages.contains(CLIENT_AUTHENTICATION) && !usages.contains(ANY_USAGE)) {
            throw new CertificateException("its extended key usage does not include client authentication");
        }
    }
}
