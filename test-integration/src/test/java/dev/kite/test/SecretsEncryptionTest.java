package dev.kite.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.behaviour.Behaviour;
import dev.kite.test.rig.Cluster;
import dev.kite.test.rig.Execution;
import dev.kite.test.rig.Requirements;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Secrets of the packaged server, in its datastore and while their keys are rotated. */
@ExtendWith(Requirements.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecretsEncryptionTest {
    private static final String PLAIN = "kite-plain-text-marker";
    private static final String ENCODED = "a2l0ZS1wbGFpbi10ZXh0LW1hcmtlcg==";

    private Cluster cluster;

    @BeforeAll
    void start() throws IOException {
        cluster = Cluster.single("--secrets-encryption");
    }

    @AfterAll
    void end() throws IOException {
        if (cluster != null) {
            cluster.close();
        }
    }

    private String datastore() {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(cluster.node().data().resolve("server/db"))) {
            for (Path file : files.filter(path -> path.getFileName().toString().startsWith("state.db"))
                    .toList()) {
                all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.toString();
    }

    private String kite(String... arguments) {
        List<String> all = new java.util.ArrayList<>(List.of("secrets-encrypt"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--data-dir", cluster.node().data().toString()));
        Execution execution = cluster.node().kite(all.toArray(String[]::new));
        assertThat(execution.code()).as(execution.toString()).isZero();
        return execution.output();
    }

    private String stored() {
        return cluster.kubectl().run("get", "secret", "marked", "-o", "jsonpath={.data.value}");
    }

    @Test
    @Behaviour(
            "Encryption at rest (secretbox, AES-GCM, AES-CBC, KMS v2 over its socket), rotation with `kite secrets-encrypt` as in k3s")
    void secretsAreNeverPlainInTheDatastoreAndStayReadableWhileKeysAreRotated() {
        cluster.kubectl().run("create", "secret", "generic", "marked", "--from-literal=value=" + PLAIN);
        cluster.kubectl().run("create", "configmap", "plain", "--from-literal=value=not-" + "secret-marker");
        assertThat(datastore())
                .contains("not-secret-marker", "k8s:enc:aescbc:v1:aescbckey:")
                .doesNotContain(PLAIN, ENCODED);
        assertThat(kite("status")).contains("Encryption Status: Enabled", "Current Rotation Stage: start");

        kite("rotate-keys");
        assertThat(kite("status", "-o", "json"))
                .contains("reencrypt_finished", "AES-CBC aescbckey-")
                .doesNotContain("inactivekeys");
        assertThat(stored()).isEqualTo(ENCODED);
        assertThat(datastore()).contains("k8s:enc:aescbc:v1:aescbckey-").doesNotContain(PLAIN, ENCODED);
        assertThat(cluster.kubectl().run("get", "node", "-o", "yaml"))
                .contains("k3s.io/encryption-config-hash: reencrypt_finished-");
        assertThat(cluster.kubectl().run("get", "events")).contains("SecretsUpdateComplete");

        kite("disable");
        assertThat(datastore()).contains(PLAIN);
        kite("enable");
        assertThat(stored()).isEqualTo(ENCODED);
    }
}
