package dev.kite.security.authn;

import dev.kite.api.http.HttpExchange;
import dev.kite.api.security.Authenticator;
import dev.kite.api.security.UserInfo;
import dev.kite.security.Authority;
import dev.kite.security.ClusterCertificates;
import dev.kite.security.measure.SecurityMetrics;
import dev.kite.security.pki.Subject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** A certificate of client-ca: its common name is the user, its organisations are the groups. */
@Component(property = "service.ranking:Integer=300")
public final class ClientCertificateAuthenticator implements Authenticator {
    private final TrustedChain trusted;
    private final InstantSource clock;
    private final SecurityMetrics metrics;

    /**
     * Trusts client-ca.
     *
     * @param certificates has it
     * @param metrics notes how long certificates last
     */
    @Activate
    public ClientCertificateAuthenticator(
            @Reference ClusterCertificates certificates, @Reference SecurityMetrics metrics) {
        this(certificates, InstantSource.system(), metrics);
    }

    ClientCertificateAuthenticator(ClusterCertificates certificates, InstantSource clock, SecurityMetrics metrics) {
        this.metrics = metrics;
        this.trusted = new TrustedChain(() -> certificates.authority(Authority.CLIENT));
        this.clock = clock;
    }

    private ClientCertificateAuthenticator(List<X509Certificate> authorities) {
        // Another server counts for itself.
        this.metrics = new SecurityMetrics();
        this.trusted = new TrustedChain(() -> authorities);
        this.clock = InstantSource.system();
    }

    /**
     * Trusts other authorities than the cluster's.
     *
     * @param authorities whose certificates are taken
     * @return authenticates by them
     */
    public static ClientCertificateAuthenticator trusting(List<X509Certificate> authorities) {
        return new ClientCertificateAuthenticator(authorities);
    }

    @Override
    public @Nullable UserInfo authenticate(HttpExchange exchange) {
        List<X509Certificate> chain = exchange.peerCertificates();
        if (!trusted.vouchesFor(chain, clock.instant())) {
            // Another authority's: a front proxy's, or none of ours.
            return null;
        }
        X509Certificate leaf = chain.getFirst();
        metrics.certificate(Math.max(
                0,
                Duration.between(clock.instant(), leaf.getNotAfter().toInstant())
                        .toSeconds()));
        Subject subject = Subject.read(leaf.getSubjectX500Principal().getEncoded());
        if (subject.commonName().isEmpty()) {
            return null;
        }
        return new UserInfo(
                subject.commonName(),
                "",
                subject.organisations(),
                Map.of("authentication.kubernetes.io/credential-id", List.of("X509SHA256=" + fingerprint(leaf))));
    }

    private static String fingerprint(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }
}
