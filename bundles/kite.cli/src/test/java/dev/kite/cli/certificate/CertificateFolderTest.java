package dev.kite.cli.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.kite.behaviour.Behaviour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateFolderTest {
    @TempDir
    Path data;

    /** By the JDK's own keytool. */
    private void certificate(String name, String subject, String... extensions) throws Exception {
        Path file = data.resolve(name + ".crt");
        Files.createDirectories(file.getParent());
        Path store = data.resolve("store-" + file.getFileName());
        String keytool = Path.of(System.getProperty("java.home"), "bin/keytool").toString();
        List<String> make = new ArrayList<>(List.of(keytool, "-genkeypair", "-alias", "a", "-keyalg", "EC"));
        make.addAll(List.of("-dname", subject, "-validity", "365", "-storepass", "secret"));
        make.addAll(List.of("-keystore", store.toString()));
        for (String extension : extensions) {
            make.addAll(List.of("-ext", extension));
        }
        assertThat(new ProcessBuilder(make).inheritIO().start().waitFor()).isZero();
        List<String> export = List.of(
                keytool,
                "-exportcert",
                "-rfc",
                "-alias",
                "a",
                "-storepass",
                "secret",
                "-keystore",
                store.toString(),
                "-file",
                file.toString());
        assertThat(new ProcessBuilder(export).start().waitFor()).isZero();
    }

    @Test
    @Behaviour("certificate check: -o text, table, json, yaml; -s by service")
    void certificatesAreShownInEachForm() throws Exception {
        certificate("server/tls/client-admin", "CN=system:admin,O=system:masters", "EKU=clientAuth");
        certificate("server/tls/client-ca", "CN=k3s-client-ca@1", "BC=ca:true");
        List<CertificateEntry> all = CertificateFolder.read(data, List.of());
        assertThat(all).extracting(CertificateEntry::service).containsExactly("admin", "certificate-authority");
        CertificateEntry admin = all.getFirst();
        assertThat(admin.commonName()).isEqualTo("system:admin");
        assertThat(admin.usages()).containsExactly("ClientAuth");
        assertThat(all.getLast().usages()).containsExactly("CertSign");
        assertThat(CertificateFolder.read(data, List.of("admin"))).hasSize(1);
        Instant now = admin.starts().plus(Duration.ofDays(1));
        assertThat(CertificateForm.text.render(all, now))
                .contains("Checking certificates for admin", "client-admin.crt: certificate", " is ok, expires at ");
        assertThat(CertificateForm.table.render(all, now))
                .contains("FILENAME", "client-admin.crt", "ClientAuth", "364 days", "OK");
        assertThat(new ObjectMapper()
                        .readTree(CertificateForm.json.render(all, now))
                        .path(0)
                        .path("status")
                        .asText())
                .isEqualTo("OK");
        assertThat(new YAMLMapper()
                        .readTree(CertificateForm.yaml.render(all, now))
                        .path(1)
                        .path("service")
                        .asText())
                .isEqualTo("certificate-authority");
    }

    @Test
    void theStatusFollowsTheClock() throws Exception {
        certificate("agent/client-kubelet", "CN=system:node:n");
        CertificateEntry entry = CertificateFolder.read(data, List.of()).getFirst();
        assertThat(entry.status(entry.expires().minus(Duration.ofDays(119))))
                .isEqualTo(CertificateEntry.Status.WARNING);
        assertThat(entry.status(entry.expires())).isEqualTo(CertificateEntry.Status.EXPIRED);
        assertThat(entry.status(Instant.EPOCH)).isEqualTo(CertificateEntry.Status.NOT_YET_VALID);
    }

    @Test
    void damagedFilesAndUnknownServicesAreNamed() throws IOException {
        Path file = Files.createDirectories(data.resolve("server/tls")).resolve("client-admin.crt");
        for (String content :
                List.of("", "garbage", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")) {
            Files.writeString(file, content);
            assertThatThrownBy(() -> CertificateFolder.read(data, List.of()))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(file + " holds no certificate");
        }
        assertThatThrownBy(() -> CertificateFolder.read(data, List.of("kublet")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("kublet")
                .hasMessageContaining("kubelet");
    }
}
