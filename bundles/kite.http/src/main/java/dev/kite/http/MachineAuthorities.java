package dev.kite.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** The authorities that the machine trusts: what its administrator installed, as Go programs find it, else those that Java brings. Stateless; reads files when asked. */
public final class MachineAuthorities {
    /** Names one file that is used instead of the usual ones (Go's crypto/x509). */
    private static final String VARIABLE = "SSL_CERT_FILE";

    /** Where distributions have them: Debian, Fedora, openSUSE, OpenELEC, CentOS, Alpine (Go's crypto/x509). */
    private static final List<Path> FILES = List.of(
            Path.of("/etc/ssl/certs/ca-certificates.crt"),
            Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
            Path.of("/etc/ssl/ca-bundle.pem"),
            Path.of("/etc/pki/tls/cacert.pem"),
            Path.of("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"),
            Path.of("/etc/ssl/cert.pem"));

    private MachineAuthorities() {}

    /**
     * Reads them.
     *
     * @return the authorities, empty where there are none at all
     * @throws IOException if they are there and can't be read
     */
    public static List<X509Certificate> all() throws IOException {
        return all(System.getenv(VARIABLE), FILES);
    }

    static List<X509Certificate> all(@Nullable String named, List<Path> usual) throws IOException {
        List<Path> files = named == null || named.isEmpty() ? usual : List.of(Path.of(named));
        for (Path file : files) {
            if (Files.isReadable(file)) {
                return read(file);
            }
        }
        return platform();
    }

    private static List<X509Certificate> read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            List<X509Certificate> all = new ArrayList<>();
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                all.add((X509Certificate) one);
            }
            return all;
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " holds no certificates: " + e.getMessage(), e);
        }
    }

    private static List<X509Certificate> platform() throws IOException {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init((KeyStore) null);
            for (TrustManager one : trust.getTrustManagers()) {
                if (one instanceof X509TrustManager manager) {
                    return List.of(manager.getAcceptedIssuers());
                }
            }
            return List.of();
        } catch (GeneralSecurityException e) {
            throw new IOException("the platform's authorities cannot be read: " + e.getMessage(), e);
        }
    }
}
