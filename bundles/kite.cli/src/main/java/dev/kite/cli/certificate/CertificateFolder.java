package dev.kite.cli.certificate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The certificates of a server and its node, by the services that use them. */
final class CertificateFolder {
    /** Files without their ending, below DATA, by k3s's names of services. */
    private static final Map<String, List<String>> SERVICES = services();

    private CertificateFolder() {}

    private static Map<String, List<String>> services() {
        Map<String, List<String>> services = new LinkedHashMap<>();
        services.put("admin", List.of("server/tls/client-admin"));
        services.put("api-server", List.of("server/tls/client-kube-apiserver", "server/tls/serving-kube-apiserver"));
        services.put("auth-proxy", List.of("server/tls/client-auth-proxy"));
        services.put("cloud-controller", List.of("server/tls/client-k3s-cloud-controller"));
        services.put("controller-manager", List.of("server/tls/client-controller"));
        services.put(
                "etcd",
                List.of(
                        "server/tls/etcd/client",
                        "server/tls/etcd/server-client",
                        "server/tls/etcd/peer-server-client"));
        services.put("k3s-controller", List.of("server/tls/client-k3s-controller", "agent/client-k3s-controller"));
        services.put("kube-proxy", List.of("server/tls/client-kube-proxy", "agent/client-kube-proxy"));
        services.put("kubelet", List.of("agent/client-kubelet", "agent/serving-kubelet"));
        services.put("scheduler", List.of("server/tls/client-scheduler"));
        services.put("supervisor", List.of("server/tls/client-supervisor"));
        services.put(
                "certificate-authority",
                List.of(
                        "server/tls/client-ca",
                        "server/tls/server-ca",
                        "server/tls/request-header-ca",
                        "server/tls/etcd/peer-ca",
                        "server/tls/etcd/server-ca"));
        return services;
    }

    /**
     * Reads.
     *
     * @param data the data directory
     * @param wanted services, none for all
     * @throws IllegalArgumentException if a service is unknown
     * @throws IOException if a file can't be read or holds no certificate: the message names it
     */
    static List<CertificateEntry> read(Path data, List<String> wanted) throws IOException {
        Set<String> unknown = new LinkedHashSet<>(wanted);
        unknown.removeAll(SERVICES.keySet());
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("unknown service " + String.join(", ", unknown) + "; known are "
                    + String.join(", ", SERVICES.keySet()));
        }
        List<CertificateEntry> entries = new ArrayList<>();
        for (Map.Entry<String, List<String>> service : SERVICES.entrySet()) {
            if (!wanted.isEmpty() && !wanted.contains(service.getKey())) {
                continue;
            }
            for (String name : service.getValue()) {
                Path file = data.resolve(name + ".crt");
                if (Files.exists(file)) {
                    entries.addAll(file(service.getKey(), file));
                }
            }
        }
        return entries;
    }

    private static List<CertificateEntry> file(String service, Path file) throws IOException {
        List<CertificateEntry> entries = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            for (Certificate certificate : certificates) {
                entries.add(entry(service, file, (X509Certificate) certificate));
            }
        } catch (CertificateException e) {
            throw damaged(file, e);
        }
        if (entries.isEmpty()) {
            throw damaged(file, null);
        }
        return entries;
    }

    private static IOException damaged(Path file, @org.jspecify.annotations.Nullable Exception cause) {
        return new IOException(
                file + " holds no certificate; restore it from a backup, or delete it with its key and restart", cause);
    }

    private static CertificateEntry entry(String service, Path file, X509Certificate certificate)
            throws CertificateException {
        List<String> usages = new ArrayList<>();
        if (certificate.getBasicConstraints() >= 0) {
            usages.add("CertSign");
        }
        List<String> extended = certificate.getExtendedKeyUsage();
        if (extended != null && extended.contains("1.3.6.1.5.5.7.3.2")) {
            usages.add("ClientAuth");
        }
        if (extended != null && extended.contains("1.3.6.1.5.5.7.3.1")) {
            usages.add("ServerAuth");
        }
        String subject = certificate.getSubjectX500Principal().getName();
        return new CertificateEntry(
                service,
                file,
                subject,
                commonName(subject),
                usages,
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
    }

    private static String commonName(String subject) {
        int at = subject.indexOf("CN=");
        if (at < 0) {
            return subject;
        }
        int end = subject.indexOf(',', at);
        return subject.substring(at + 3, end < 0 ? subject.length() : end);
    }
}
