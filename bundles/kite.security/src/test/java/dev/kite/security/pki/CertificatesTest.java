package dev.kite.security.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.api.config.AgentSettings;
import dev.kite.api.config.ServerSettings;
import dev.kite.behaviour.Behaviour;
import dev.kite.security.Authority;
import dev.kite.security.CertificateSpec;
import dev.kite.security.ComponentIdentity;
import dev.kite.security.Identity;
import dev.kite.security.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificatesTest {
    private static final Instant START = Instant.parse("2026-11-24T12:00:00Z");

    @TempDir
    Path data;

    private CertificateSet.Plan plan() {
        return new CertificateSet.Plan(
                data.resolve("server/tls"),
                data.resolve("agent"),
                "node-1",
                List.of("kubernetes", "kubernetes.default.svc", "localhost", "127.0.0.1", "::1", "10.43.0.1"),
                List.of("node-1", "192.0.2.7"));
    }

    private ClusterCertificatesComponent start(Instant now) throws IOException {
        ClusterCertificatesComponent component = new ClusterCertificatesComponent(this::plan, InstantSource.fixed(now));
        component.deactivate();
        return component;
    }

    @Test
    @Behaviour("the k3s set of CAs and certificates")
    void opensslAcceptsEveryLeafOfItsAuthorityForItsPurposeOnly() throws Exception {
        start(Instant.now());
        Path tls = data.resolve("server/tls");
        for (ComponentIdentity component : ComponentIdentity.values()) {
            Path authority = tls.resolve(component.authority().fileName() + ".crt");
            Path leaf = tls.resolve(component.fileName() + ".crt");
            assertThat(openssl("verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", authority, leaf))
                    .contains(": OK");
            assertThat(openssl("verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", authority, leaf))
                    .contains("unsuitable certificate purpose");
            Path other = tls.resolve("server-ca.crt");
            assertThat(openssl("verify", "-x509_strict", "-CAfile", other, leaf))
                    .doesNotContain(": OK");
        }
        Path serverAuthority = tls.resolve("server-ca.crt");
        assertThat(openssl(
                        "verify",
                        "-x509_strict",
                        "-purpose",
                        "sslserver",
                        "-verify_hostname",
                        "kubernetes.default.svc",
                        "-CAfile",
                        serverAuthority,
                        tls.resolve("serving-kube-apiserver.crt")))
                .contains(": OK");
        for (String address : List.of("127.0.0.1", "::1", "10.43.0.1")) {
            assertThat(openssl(
                            "verify",
                            "-x509_strict",
                            "-verify_ip",
                            address,
                            "-CAfile",
                            serverAuthority,
                            tls.resolve("serving-kube-apiserver.crt")))
                    .contains(": OK");
        }
        assertThat(openssl(
                        "verify",
                        "-verify_hostname",
                        "example.org",
                        "-CAfile",
                        serverAuthority,
                        tls.resolve("serving-kube-apiserver.crt")))
                .contains("hostname mismatch");
    }

    @Test
    void opensslReadsWhatTheCertificatesSay() throws Exception {
        start(START);
        Path tls = data.resolve("server/tls");
        assertThat(openssl("x509", "-in", tls.resolve("client-admin.crt"), "-noout", "-subject", "-nameopt", "RFC2253"))
                .contains("CN=system:admin,O=system:masters");
        assertThat(openssl(
                        "x509",
                        "-in",
                        data.resolve("agent/client-kubelet.crt"),
                        "-noout",
                        "-subject",
                        "-nameopt",
                        "RFC2253"))
                .contains("CN=system:node:node-1,O=system:nodes");
        String text = openssl("x509", "-in", tls.resolve("serving-kube-apiserver.crt"), "-noout", "-text");
        assertThat(text)
                .contains("Version: 3")
                .contains("ASN1 OID: prime256v1")
                .contains("ecdsa-with-SHA256")
                .contains("X509v3 Basic Constraints: critical")
                .contains("CA:FALSE")
                .contains("Digital Signature")
                .contains("TLS Web Server Authentication")
                .contains("DNS:kubernetes, DNS:kubernetes.default.svc, DNS:localhost")
                .contains("IP Address:127.0.0.1")
                .contains("IP Address:0:0:0:0:0:0:0:1")
                .contains("IP Address:10.43.0.1");
        String authority = openssl("x509", "-in", tls.resolve("server-ca.crt"), "-noout", "-text");
        assertThat(authority)
                .contains("k3s-server-ca@" + START.getEpochSecond())
                .contains("CA:TRUE")
                .contains("Certificate Sign, CRL Sign");
        // openssl reads our keys, and they are those of the certificates.
        for (String name : List.of("server-ca", "client-admin", "serving-kube-apiserver")) {
            assertThat(openssl("pkey", "-in", tls.resolve(name + ".key"), "-pubout"))
                    .isEqualTo(openssl("x509", "-in", tls.resolve(name + ".crt"), "-noout", "-pubkey"));
        }
        assertThat(openssl("ec", "-in", tls.resolve("service.key"), "-check", "-noout"))
                .contains("valid");
    }

    @Test
    void everyFileIsTheOwnersOnlyAndNothingElseIsLeft() throws Exception {
        start(START);
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.toString())
                        .isEqualTo("rw-------");
                assertThat(file.getFileName().toString()).doesNotContain(".tmp");
            }
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("server/tls"))))
                .isEqualTo("rwx------");
        assertThat(data.resolve("server/tls")).isDirectoryContaining("glob:**client-ca.nochain.crt");
        assertThat(data.resolve("agent")).isDirectoryContaining("glob:**serving-kubelet.crt");
    }

    @Test
    void aSecondStartKeepsEveryFile() throws Exception {
        ClusterCertificatesComponent first = start(START);
        ClusterCertificatesComponent second = start(START.plus(Duration.ofDays(240)));
        assertThat(second.server().chain()).isEqualTo(first.server().chain());
        assertThat(second.authorityPem(Authority.SERVER)).isEqualTo(first.authorityPem(Authority.SERVER));
        assertThat(second.serviceAccountKeys().getFirst().getPublic())
                .isEqualTo(first.serviceAccountKeys().getFirst().getPublic());
    }

    @Test
    @Behaviour("leaves 365 days, renewed at start when fewer than 120 remain")
    void leavesAreRenewedWhenFewerThan120DaysRemainAndTheAuthorityStays() throws Exception {
        ClusterCertificatesComponent first = start(START);
        ClusterCertificatesComponent later = start(START.plus(Duration.ofDays(246)));
        for (ComponentIdentity component : ComponentIdentity.values()) {
            assertThat(later.component(component).certificate().getNotAfter().toInstant())
                    .isEqualTo(START.plus(Duration.ofDays(246 + 365)));
        }
        assertThat(later.server().certificate()).isNotEqualTo(first.server().certificate());
        assertThat(later.server().key()).isNotEqualTo(first.server().key());
        assertThat(later.authority(Authority.CLIENT)).isEqualTo(first.authority(Authority.CLIENT));
    }

    @Test
    void aRunningServerRenewsAndTellsOfIt() throws Exception {
        Instant[] now = {START};
        ClusterCertificatesComponent component = new ClusterCertificatesComponent(this::plan, () -> now[0]);
        AtomicInteger told = new AtomicInteger();
        component.onChange(told::incrementAndGet);
        component.renew();
        assertThat(told).hasValue(0);
        now[0] = START.plus(Duration.ofDays(250));
        component.renew();
        component.deactivate();
        assertThat(told).hasValue(1);
        assertThat(component.server().certificate().getNotAfter().toInstant())
                .isEqualTo(now[0].plus(Duration.ofDays(365)));
    }

    @Test
    void aLeafNeverOutlivesItsAuthority() throws Exception {
        ClusterCertificatesComponent last = start(START);
        ClusterCertificatesComponent old = start(START.plus(Duration.ofDays(3500)));
        Instant end = last.authority(Authority.SERVER).getFirst().getNotAfter().toInstant();
        assertThat(old.server().certificate().getNotAfter().toInstant()).isEqualTo(end);
        // And it is not made anew at each check for that.
        assertThat(start(START.plus(Duration.ofDays(3600))).server().certificate())
                .isEqualTo(old.server().certificate());
    }

    @Test
    void aCertificateIsMadeAnewWhenANameIsAddedOrTheAuthorityChanges() throws Exception {
        X509Certificate first = start(START).server().certificate();
        List<String> names = new ArrayList<>(plan().serverNames());
        names.add("kite.example");
        names.add("2001:db8::1");
        CertificateSet more = CertificateSet.load(
                new CertificateSet.Plan(plan().serverTls(), plan().agent(), "node-1", names, plan().nodeNames()),
                InstantSource.fixed(START));
        assertThat(more.server().certificate()).isNotEqualTo(first);
        assertThat(AlternativeNames.of(more.server().certificate())).contains("kite.example", "2001:db8:0:0:0:0:0:1");

        Files.delete(data.resolve("server/tls/client-ca.crt"));
        Files.delete(data.resolve("server/tls/client-ca.key"));
        X509Certificate admin = more.components().get(ComponentIdentity.ADMIN).certificate();
        assertThat(start(START).component(ComponentIdentity.ADMIN).certificate())
                .isNotEqualTo(admin);
    }

    @Test
    void aCrashBetweenKeyAndCertificateIsRepaired() throws Exception {
        start(START);
        Path tls = data.resolve("server/tls");
        Files.delete(tls.resolve("client-admin.crt"));
        Files.delete(tls.resolve("server-ca.crt"));
        Files.writeString(tls.resolve("client-scheduler.crt"), "-----BEGIN CERTIFICATE-----\nMIIB");
        Files.copy(
                tls.resolve("client-supervisor.key"),
                tls.resolve("client-controller.key"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        ClusterCertificatesComponent again = start(START);
        for (ComponentIdentity component : ComponentIdentity.values()) {
            Identity identity = again.component(component);
            assertThat(Keys.matches(identity.key(), identity.certificate().getPublicKey()))
                    .isTrue();
        }
        assertThat(openssl(
                        "verify", "-CAfile", tls.resolve("server-ca.crt"), tls.resolve("serving-kube-apiserver.crt")))
                .contains(": OK");
    }

    @Test
    void anAuthoritysFilesAreNeverOverwritten() throws Exception {
        start(START);
        Path tls = data.resolve("server/tls");
        String certificate = Files.readString(tls.resolve("server-ca.crt"));
        Files.move(tls.resolve("server-ca.key"), tls.resolve("kept.key"));
        assertThatThrownBy(() -> start(START)).isInstanceOf(IOException.class).hasMessageContaining("server-ca.key");
        Files.copy(tls.resolve("client-ca.key"), tls.resolve("server-ca.key"));
        assertThatThrownBy(() -> start(START)).hasMessageContaining("is not the key of");
        Files.writeString(tls.resolve("server-ca.crt"), "nonsense");
        assertThatThrownBy(() -> start(START)).hasMessageContaining("cannot be read");
        assertThat(Files.readString(tls.resolve("server-ca.crt"))).isEqualTo("nonsense");
        assertThat(certificate).isNotEmpty();
    }

    @Test
    @Behaviour("own CA files in DATA/server/tls")
    void aUsersOwnIntermediateAuthoritySignsAndItsChainIsPresented() throws Exception {
        Path tls = Files.createDirectories(data.resolve("server/tls"));
        Path root = data.resolve("root");
        openssl(
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-subj",
                "/CN=Own Root",
                "-addext",
                "keyUsage=critical,keyCertSign",
                "-days",
                "3650",
                "-keyout",
                root + ".key",
                "-out",
                root + ".crt");
        openssl(
                "req",
                "-new",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-384",
                "-nodes",
                "-subj",
                "/O=Factory/CN=Own Intermediate",
                "-keyout",
                tls.resolve("server-ca.key"),
                "-out",
                root + ".csr");
        Files.writeString(
                data.resolve("ext"),
                "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n");
        openssl(
                "x509",
                "-req",
                "-in",
                root + ".csr",
                "-CA",
                root + ".crt",
                "-CAkey",
                root + ".key",
                "-CAcreateserial",
                "-days",
                "1000",
                "-extfile",
                data.resolve("ext"),
                "-out",
                root + ".int");
        Files.writeString(
                tls.resolve("server-ca.crt"),
                Files.readString(Path.of(root + ".int")) + Files.readString(Path.of(root + ".crt")));
        ClusterCertificatesComponent component = start(Instant.now());
        assertThat(component.server().chain()).hasSize(3);
        assertThat(openssl(
                        "verify",
                        "-x509_strict",
                        "-CAfile",
                        root + ".crt",
                        "-untrusted",
                        root + ".int",
                        tls.resolve("serving-kube-apiserver.crt")))
                .contains(": OK");
        assertThat(Pem.certificates(Files.readString(tls.resolve("server-ca.nochain.crt"))))
                .hasSize(1);
    }

    @Test
    void anRsaAuthorityAndKeysOfOldFormsAreRead() throws Exception {
        Path tls = Files.createDirectories(data.resolve("server/tls"));
        openssl(
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-subj",
                "/CN=Old",
                "-addext",
                "keyUsage=critical,keyCertSign",
                "-days",
                "3650",
                "-keyout",
                tls.resolve("client-ca.pk8"),
                "-out",
                tls.resolve("client-ca.crt"));
        openssl("rsa", "-traditional", "-in", tls.resolve("client-ca.pk8"), "-out", tls.resolve("client-ca.key"));
        assertThat(Files.readString(tls.resolve("client-ca.key"))).startsWith("-----BEGIN RSA PRIVATE KEY");
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-out", tls.resolve("service.key"));
        openssl("genrsa", "-out", tls.resolve("old-service.key"), "2048");
        Files.writeString(
                tls.resolve("service.key"),
                Files.readString(tls.resolve("service.key")) + Files.readString(tls.resolve("old-service.key")));
        ClusterCertificatesComponent component = start(Instant.now());
        assertThat(openssl(
                        "verify",
                        "-x509_strict",
                        "-CAfile",
                        tls.resolve("client-ca.crt"),
                        tls.resolve("client-admin.crt")))
                .contains(": OK");
        assertThat(component.serviceAccountKeys()).hasSize(2);
        assertThat(component.serviceAccountKeys().get(1).getPublic().getAlgorithm())
                .isEqualTo("RSA");
    }

    @Test
    void anothersKeyIsSignedAsAsked() throws Exception {
        ClusterCertificatesComponent component = start(START);
        var pair = Keys.generate();
        List<X509Certificate> chain = component.sign(
                Authority.CLIENT,
                pair.getPublic(),
                CertificateSpec.client("system:node:n2", "system:nodes"),
                Duration.ofHours(1));
        assertThat(chain).hasSize(2);
        assertThat(chain.getFirst().getPublicKey()).isEqualTo(pair.getPublic());
        assertThat(chain.getFirst().getNotAfter().toInstant()).isEqualTo(START.plus(Duration.ofHours(1)));
        assertThat(component
                        .issue(Authority.SERVER, CertificateSpec.server("x", List.of("x")))
                        .toString())
                .doesNotContain("key");
    }

    @Test
    void theSettingsNameTheServer() {
        ServerSettings server = Settings.of(
                ServerSettings.class,
                Map.of(
                        "tls_san",
                        new String[] {"gw.example", "192.0.2.1"},
                        "service_cidr",
                        new String[] {"10.43.0.0/16", "2001:cafe:43::/112"},
                        "cluster_domain",
                        "edge.local"));
        AgentSettings agent = Settings.of(
                AgentSettings.class, Map.of("node_name", "Gateway-1", "node_ip", new String[] {"192.0.2.9"}));
        assertThat(ServerNames.server(server, agent))
                .contains(
                        "kubernetes",
                        "kubernetes.default",
                        "kubernetes.default.svc",
                        "kubernetes.default.svc.edge.local",
                        "localhost",
                        "127.0.0.1",
                        "::1",
                        "10.43.0.1",
                        "2001:cafe:43:0:0:0:0:1",
                        "gateway-1",
                        "192.0.2.9",
                        "gw.example",
                        "192.0.2.1");
        assertThatThrownBy(() -> ServerNames.firstAddress("nonsense/8")).hasMessageContaining("nonsense/8");
    }

    static String openssl(Object... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl"));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes());
        process.waitFor();
        return output;
    }
}
