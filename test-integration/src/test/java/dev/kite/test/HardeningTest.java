package dev.kite.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.behaviour.Behaviour;
import dev.kite.test.rig.Cluster;
import dev.kite.test.rig.Execution;
import dev.kite.test.rig.Node;
import dev.kite.test.rig.Requirements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The files of docs/hardening.md as they stand there, and what kube-bench's benchmarks for k3s look for in what they make. */
@ExtendWith(Requirements.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HardeningTest {
    private static final Pattern BLOCK = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final Set<PosixFilePermission> OWNERS = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private Path folder;
    private Cluster cluster;
    private Node node;

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        List<String> blocks = BLOCK.matcher(Files.readString(Path.of("../docs/hardening.md")))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(blocks).hasSize(3);
        Path server = Files.createDirectories(folder.resolve("server"));
        // Kernel parameters are the machine's, not the test's.
        Path config = Files.writeString(
                folder.resolve("config.yaml"),
                blocks.getFirst()
                        .replace("/var/lib/rancher/k3s", folder.toString())
                        .replace("protect-kernel-defaults: true", "protect-kernel-defaults: false"));
        Files.writeString(server.resolve("psa.yaml"), blocks.get(1));
        Files.writeString(server.resolve("audit.yaml"), blocks.get(2));
        cluster = Cluster.create();
        node = cluster.add("hardened", "--config=" + config);
        node.start();
        node.awaitReady();
    }

    @AfterAll
    void end() throws IOException {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @Behaviour("Hardening: PodSecurity and audit files, the CIS self-assessments")
    void theGuidesConfigurationEnforcesAndAudits() throws IOException {
        node.kubectl().run("create", "namespace", "shop");
        Execution refused = node.kubectl().execute("-n", "shop", "run", "bad", "--image=kite.test/x:1", "--privileged");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.error()).contains("violates PodSecurity \"restricted:latest\"");
        assertThat(Files.readString(folder.resolve("server/logs/audit.log")))
                .contains("\"level\":\"Metadata\"", "/api/v1/namespaces/shop/pods");
    }

    @Test
    void secretsAreEncryptedAndNobodySignsInWithoutCredentials() {
        assertThat(node.kite("secrets-encrypt", "status").succeeded().output()).contains("Encryption Status: Enabled");
        assertThat(answer("https://127.0.0.1:6443/api")).isEqualTo("401");
        assertThat(answer("https://127.0.0.1:10250/pods")).isEqualTo("401");
        assertThat(answer("http://127.0.0.1:10255/pods"))
                .as("nothing listens there")
                .isEqualTo("000");
        assertThat(answer("http://127.0.0.1:10248/healthz")).isEqualTo("200");
    }

    private String answer(String url) {
        return node.execute("curl", "-sk", "-m", "10", "-o", "/dev/null", "-w", "%{http_code}", url)
                .output();
    }

    @Test
    void whatTheServerKeepsIsItsOwnersAlone() throws IOException {
        Path data = node.data();
        try (Stream<Path> all = Stream.of("server/tls", "server/cred", "server/db")
                .map(data::resolve)
                .filter(Files::isDirectory)
                .flatMap(HardeningTest::walk)
                // Empty, in a folder that only its owner may enter.
                .filter(file -> !file.endsWith("state.db-lock"))) {
            assertThat(all.toList())
                    .hasSizeGreaterThan(30)
                    .allSatisfy(file ->
                            assertThat(OWNERS).as(file.toString()).containsAll(Files.getPosixFilePermissions(file)));
        }
        for (Path file : List.of(node.kubeconfig(), folder.resolve("server/logs/audit.log"))) {
            assertThat(OWNERS).as(file.toString()).containsAll(Files.getPosixFilePermissions(file));
        }
    }

    private static Stream<Path> walk(Path start) {
        try {
            return Files.walk(start);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
