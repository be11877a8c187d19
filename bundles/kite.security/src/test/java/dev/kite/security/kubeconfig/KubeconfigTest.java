package dev.kite.security.kubeconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.behaviour.Behaviour;
import dev.kite.security.Authority;
import dev.kite.security.ClusterCertificates;
import dev.kite.security.ComponentIdentity;
import dev.kite.security.Kubeconfig;
import dev.kite.security.TestCertificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.interfaces.ECPrivateKey;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeconfigTest {
    @TempDir
    Path data;

    private ClusterCertificates certificates;

    @BeforeEach
    void start() throws IOException {
        certificates = TestCertificates.of(data);
    }

    @Test
    void theAdministratorsIsWrittenAndReadBack() throws Exception {
        KubeconfigsComponent written = new KubeconfigsComponent(
                certificates,
                TestCertificates.server(data, Map.of("https_listen_port", 7443, "write_kubeconfig_mode", "640")));
        written.deactivate();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(written.admin())))
                .isEqualTo("rw-r-----");
        Kubeconfig admin = Kubeconfig.read(written.admin());
        assertThat(admin.server()).hasToString("https://127.0.0.1:7443");
        assertThat(admin.authorities()).isEqualTo(certificates.authority(Authority.SERVER));
        assertThat(admin.client().orElseThrow().chain())
                .isEqualTo(certificates.component(ComponentIdentity.ADMIN).chain());
        assertThat(((ECPrivateKey) admin.client().orElseThrow().key()).getS())
                .isEqualTo(((ECPrivateKey)
                                certificates.component(ComponentIdentity.ADMIN).key())
                        .getS());
        assertThat(admin.namespace()).isEqualTo("default");
        assertThat(Kubeconfig.read(written.admin(), "default").server()).isEqualTo(admin.server());
        assertThat(admin.toString()).isEqualTo("Kubeconfig[https://127.0.0.1:7443]");
    }

    @Test
    void theKeyIsInTheFormThatK3sWritesAndSomeJavaClientsNeed() throws Exception {
        KubeconfigsComponent written = new KubeconfigsComponent(certificates, TestCertificates.server(data, Map.of()));
        written.deactivate();
        String key = Files.readAllLines(written.admin()).stream()
                .filter(line -> line.contains("client-key-data: "))
                .findFirst()
                .orElseThrow()
                .replaceFirst(".*client-key-data: ", "");
        assertThat(new String(Base64.getDecoder().decode(key), StandardCharsets.US_ASCII))
                .startsWith("-----BEGIN EC PRIVATE KEY-----");
    }

    @Test
    void componentsHaveTheirs() throws Exception {
        new KubeconfigsComponent(certificates, TestCertificates.server(data, Map.of())).deactivate();
        for (String name : List.of(
                "server/cred/admin",
                "server/cred/controller",
                "server/cred/scheduler",
                "server/cred/api-server",
                "server/cred/supervisor",
                "server/cred/cloud-controller",
                "agent/kubelet",
                "agent/kubeproxy",
                "agent/k3scontroller")) {
            Path file = data.resolve(name + ".kubeconfig");
            Kubeconfig read = Kubeconfig.read(file);
            assertThat(read.client()).as(name).isPresent();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
        assertThat(Kubeconfig.read(data.resolve("agent/kubelet.kubeconfig"))
                        .client()
                        .orElseThrow()
                        .certificate())
                .isEqualTo(certificates.kubeletClient().certificate());
    }

    @Test
    void tokensPasswordsAndOtherSettingsAreRead() throws Exception {
        Files.writeString(data.resolve("tok"), "secret-from-file\n");
        Path file = Files.writeString(data.resolve("c"), """
                {"apiVersion":"v1","kind":"Config","current-context":"b","clusters":[{"name":"c","cluster":{"server":"https://[2001:db8::1]:6443","insecure-skip-tls-verify":true,"tls-server-name":"x.example"}}],
                "contexts":[{"name":"a","context":{"cluster":"c","user":"basic"}},{"name":"b","context":{"cluster":"c","user":"tok","namespace":"blue"}},{"name":"n","context":{"cluster":"c"}}],
                "users":[{"name":"tok","user":{"token":"ignored","tokenFile":"tok"}},{"name":"basic","user":{"username":"u","password":"p"}}]}
                """);
        Kubeconfig b = Kubeconfig.read(file);
        assertThat(b.bearerToken()).contains("secret-from-file");
        assertThat(b.namespace()).isEqualTo("blue");
        assertThat(b.insecure()).isTrue();
        assertThat(b.serverName()).contains("x.example");
        assertThat(b.server().getHost()).isEqualTo("[2001:db8::1]");
        Kubeconfig a = Kubeconfig.read(file, "a");
        assertThat(a.username()).contains("u");
        assertThat(a.password()).contains("p");
        assertThat(Kubeconfig.read(file, "n").bearerToken()).isEmpty();
    }

    @Test
    @Behaviour("a truncated kubeconfig: one line that says what to do, nothing lost")
    void everyFaultIsOneLineThatNamesTheFile() throws Exception {
        KubeconfigsComponent written = new KubeconfigsComponent(certificates, TestCertificates.server(data, Map.of()));
        written.deactivate();
        String good = Files.readString(written.admin());
        Path file = data.resolve("bad");
        for (int end = 0; end < good.length() - 1; end += 97) {
            Files.writeString(file, good.substring(0, end));
            try {
                Kubeconfig.read(file);
            } catch (IOException e) {
                assertThat(e.getMessage()).startsWith(file.toString());
            }
        }
        for (String text : List.of(
                "",
                "[]",
                "x",
                "{",
                "a: [b",
                "current-context: nope",
                "current-context: {}",
                "\u0000\u0001",
                "a: &a [*a]",
                good.replace("https://127", "ht tp://127"),
                good.replaceAll("client-key-data: .*", ""),
                good.replaceAll("client-key-data: .*", "client-key-data: AAAA"),
                good.replaceAll("client-key-data: .*", "client-key-data: '%%%'"),
                good.replaceAll("certificate-authority-data: .*", "certificate-authority-data: AAAA"),
                good.replaceAll("    server: .*", ""))) {
            Files.writeString(file, text);
            assertThatThrownBy(() -> Kubeconfig.read(file))
                    .as(text.substring(0, Math.min(80, text.length())))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(file.toString());
        }
        Files.writeString(file, "a".repeat(2 << 20));
        assertThatThrownBy(() -> Kubeconfig.read(file)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Kubeconfig.read(data.resolve("absent"))).isInstanceOf(IOException.class);
    }
}
