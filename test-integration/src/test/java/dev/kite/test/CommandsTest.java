package dev.kite.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.behaviour.Behaviour;
import dev.kite.test.rig.Cluster;
import dev.kite.test.rig.Execution;
import dev.kite.test.rig.Node;
import dev.kite.test.rig.SharedCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The product's other commands against a running server. */
@ExtendWith(SharedCluster.class)
class CommandsTest {
    private final Node node;

    @TempDir
    Path folder;

    CommandsTest(Cluster cluster) {
        this.node = cluster.node();
    }

    @Test
    @Behaviour("token create, list, delete: bootstrap tokens through the API")
    void tokensAreCreatedListedAndDeleted() {
        String full = node.kite("token", "create", "--description", "for a shed", "--ttl", "2h")
                .succeeded()
                .output()
                .strip();
        assertThat(full).matches("K10[0-9a-f]{64}::[a-z0-9]{6}\\.[a-z0-9]{16}");
        String token = full.substring(full.lastIndexOf(':') + 1);
        String id = token.substring(0, 6);
        assertThat(node.kubectl()
                        .run("-n", "kube-system", "get", "secret", "bootstrap-token-" + id, "-o", "jsonpath={.type}"))
                .isEqualTo("bootstrap.kubernetes.io/token");
        assertThat(node.kite("token", "list").succeeded().output())
                .contains(token, "for a shed", "signing,authentication");
        assertThat(node.kite("token", "list", "-o", "json").succeeded().output())
                .contains("\"" + token + "\"");
        Execution twice = node.kite("token", "create", token);
        assertThat(twice.code()).isEqualTo(1);
        assertThat(twice.error()).contains("exists");
        node.kite("token", "delete", token).succeeded();
        assertThat(node.kite("token", "list").succeeded().output()).doesNotContain(token);
        assertThat(node.kite("token", "delete", id).code()).isEqualTo(1);
    }

    @Test
    @Behaviour("certificate check: -o text, table, json, yaml; -s by service")
    void theServersCertificatesAreOk() {
        String table =
                node.kite("certificate", "check", "-o", "table").succeeded().output();
        assertThat(table).contains("client-admin.crt", "serving-kube-apiserver.crt", "client-ca.crt", "OK");
        assertThat(table).doesNotContain("EXPIRED");
        assertThat(node.kite("certificate", "check", "-s", "admin").succeeded().output())
                .contains("Checking certificates for admin")
                .doesNotContain("certificates for scheduler");
    }

    @Test
    @Behaviour("check-config tells what a node needs and what is missing")
    void theMachineOfTheTestsPasses() {
        assertThat(node.kite("check-config").succeeded().output()).contains("containerd: ok", "STATUS: pass");
    }

    @Test
    @Behaviour("The same file is k3s when called by that name")
    void theFileIsK3sByThatName() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("k3s"), Node.product());
        Map<String, String> environment = Map.of("K3S_DATA_DIR", node.data().toString());
        Execution version =
                Execution.run(List.of(link.toString(), "--version"), "", environment, Duration.ofMinutes(1));
        assertThat(version.succeeded().output()).startsWith("k3s version v1.36.2+k3s.kite (");
        Execution unknown = Execution.run(List.of(link.toString(), "kubeclt"), "", environment, Duration.ofMinutes(1));
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.error()).contains("did you mean kubectl?");
    }

    @Test
    @Behaviour("kubectl, crictl, ctr: arguments passed on verbatim; also by symlink name")
    void kubectlAndCtrAreTheHostsPointedAtThisNode() throws Exception {
        assertThat(node.kite("kubectl", "get", "nodes", "-o", "name")
                        .succeeded()
                        .output())
                .contains("node/" + node.name());
        Assumptions.assumeTrue(Files.exists(Path.of("/usr/bin/ctr")), "skipped: this machine has no ctr");
        assertThat(node.kite("ctr", "images", "ls", "-q").succeeded().output()).contains("busybox:1.36");
        Path link = Files.createSymbolicLink(folder.resolve("ctr"), Node.product());
        List<String> words = new ArrayList<>(node.host().enter());
        words.addAll(List.of(link.toString(), "images", "ls", "-q"));
        Execution byName =
                Execution.run(words, "", Map.of("K3S_DATA_DIR", node.data().toString()), Duration.ofMinutes(1));
        assertThat(byName.succeeded().output()).contains("busybox:1.36");
    }
}
