package dev.kite.security.kubeconfig;

import dev.kite.api.config.ServerSettings;
import dev.kite.security.Authority;
import dev.kite.security.ClusterCertificates;
import dev.kite.security.ComponentIdentity;
import dev.kite.security.Identity;
import dev.kite.security.Kubeconfigs;
import dev.kite.security.pki.AtomicFiles;
import dev.kite.security.pki.Keys;
import dev.kite.security.pki.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Base64;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the kubeconfigs at start and after each renewal of certificates. */
@Component(immediate = true, configurationPid = "kite", configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class KubeconfigsComponent implements Kubeconfigs {
    private static final Logger LOG = LoggerFactory.getLogger(KubeconfigsComponent.class);

    private final ClusterCertificates certificates;
    private final ClusterCertificates.Subscription renewals;
    private final Path data;
    private final Path admin;
    private final Set<PosixFilePermission> mode;
    private final String server;

    /**
     * Writes them.
     *
     * @param certificates the keys and authorities
     * @param settings where the administrator's is, its mode, and the API's port
     * @throws IOException if one can't be written
     */
    @Activate
    public KubeconfigsComponent(@Reference ClusterCertificates certificates, ServerSettings settings)
            throws IOException {
        this.certificates = certificates;
        this.data = Path.of(settings.data_dir());
        this.admin = Path.of(settings.write_kubeconfig());
        this.mode = AtomicFiles.mode(settings.write_kubeconfig_mode());
        String bind = settings.bind_address();
        // A port on all addresses, of IPv6 too, is reached by the loopback of IPv4.
        String host = bind.isEmpty() || bind.equals("0.0.0.0") || bind.equals("::") ? "127.0.0.1" : bind;
        this.server = "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + settings.https_listen_port();
        write();
        this.renewals = certificates.onChange(this::rewrite);
    }

    @Deactivate
    void deactivate() {
        renewals.close();
    }

    private void rewrite() {
        try {
            write();
        } catch (IOException e) {
            LOG.warn("Kubeconfigs could not be renewed: {}", e.getMessage());
        }
    }

    private void write() throws IOException {
        Path folder = admin.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        AtomicFiles.write(admin, embedded(certificates.component(ComponentIdentity.ADMIN), server), mode);
        Path credentials = data.resolve("server").resolve("cred");
        AtomicFiles.folder(credentials);
        Path tls = data.resolve("server").resolve("tls");
        Path authority = tls.resolve(Authority.SERVER.fileName() + ".crt");
        for (ComponentIdentity component : ComponentIdentity.values()) {
            if (!component.kubeconfig().isEmpty()) {
                AtomicFiles.write(
                        credentials.resolve(component.kubeconfig() + ".kubeconfig"),
                        byFile(server, authority, tls.resolve(component.fileName())));
            }
        }
        Path agent = data.resolve("agent");
        Path agentAuthority = agent.resolve("server-ca.crt");
        AtomicFiles.write(
                agent.resolve("kubelet.kubeconfig"), byFile(server, agentAuthority, agent.resolve("client-kubelet")));
        AtomicFiles.write(
                agent.resolve("kubeproxy.kubeconfig"),
                byFile(server, agentAuthority, agent.resolve("client-kube-proxy")));
        AtomicFiles.write(
                agent.resolve("k3scontroller.kubeconfig"),
                byFile(server, agentAuthority, agent.resolve("client-k3s-controller")));
    }

    private static String byFile(String server, Path authority, Path client) {
        return """
                apiVersion: v1
                kind: Config
                clusters:
                - name: local
                  cluster:
                    server: %s
                    certificate-authority: %s
                contexts:
                - name: Default
                  context:
                    cluster: local
                    namespace: default
                    user: user
                current-context: Default
                preferences: {}
                users:
                - name: user
                  user:
                    client-certificate: %s.crt
                    client-key: %s.key
                """.formatted(server, authority, client, client);
    }

    @Override
    public Path admin() {
        return admin;
    }

    @Override
    public String embedded(Identity client, String address) {
        return """
                apiVersion: v1
                kind: Config
                clusters:
                - name: default
                  cluster:
                    server: %s
                    certificate-authority-data: %s
                contexts:
                - name: default
                  context:
                    cluster: default
                    user: default
                current-context: default
                preferences: {}
                users:
                - name: default
                  user:
                    client-certificate-data: %s
                    client-key-data: %s
                """.formatted(
                address,
                base64(certificates.authorityPem(Authority.SERVER)),
                base64(Pem.write(client.chain())),
                base64(Keys.write(client.key(), client.chain().getFirst().getPublicKey())));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
