package dev.kite.test.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.kite.behaviour.Behaviour;
import dev.kite.test.rig.ClientTools;
import dev.kite.test.rig.Cluster;
import dev.kite.test.rig.Execution;
import dev.kite.test.rig.Kubectl;
import dev.kite.test.rig.SharedCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Helm and the client libraries of Go, Python and Java, from their registries, against the packaged product; each in a namespace of its own. */
@ExtendWith(SharedCluster.class)
class ClientsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Cluster cluster;
    private final Kubectl kubectl;
    private final ClientTools tools = new ClientTools();

    ClientsTest(Cluster cluster) {
        this.cluster = cluster;
        this.kubectl = cluster.kubectl();
    }

    @Test
    @Behaviour("Helm, client-go, the Python client and fabric8's Java client work with it as with Kubernetes")
    void helmInstallsUpgradesRollsBackTestsAndUninstallsAChart() {
        Path helm = helm();
        String chart =
                Path.of("src/test/resources/clients/chart").toAbsolutePath().toString();
        String namespace = "client-helm";
        try {
            helm(helm, namespace, "install", "shop", chart, "--create-namespace", "--wait", "--timeout=90s");
            assertThat(colour(namespace)).isEqualTo("blue");
            assertThat(kubectl.run("-n", namespace, "get", "lamp", "shop", "-o", "jsonpath={.spec}"))
                    .contains("\"bulbs\":2", "\"colour\":\"blue\"");
            assertThat(kubectl.run("-n", namespace, "get", "job", "shop-before", "-o", "jsonpath={.status.succeeded}"))
                    .isEqualTo("1");
            helm(helm, namespace, "test", "shop", "--timeout=60s");
            helm(helm, namespace, "upgrade", "shop", chart, "--set=colour=green", "--wait", "--timeout=90s");
            assertThat(colour(namespace)).isEqualTo("green");
            helm(helm, namespace, "test", "shop", "--timeout=60s");
            kubectl.run(
                    "-n",
                    namespace,
                    "patch",
                    "configmap",
                    "shop-settings",
                    "--field-manager=stranger",
                    "-p",
                    "{\"data\":{\"colour\":\"red\"}}");
            Execution conflict =
                    execute(helm, namespace, "upgrade", "shop", chart, "--set=colour=black", "--timeout=60s");
            assertThat(conflict.code()).as("a field that another manager took").isNotZero();
            assertThat(conflict.error()).contains("stranger").contains(".data.colour");
            helm(
                    helm,
                    namespace,
                    "rollback",
                    "shop",
                    "1",
                    "--force-conflicts",
                    "--server-side=true",
                    "--wait",
                    "--timeout=90s");
            assertThat(colour(namespace)).isEqualTo("blue");
            assertThat(helm(helm, namespace, "history", "shop")).contains("superseded", "failed", "deployed");
            assertThat(helm(helm, namespace, "get", "manifest", "shop")).contains("kind: Lamp");
            helm(helm, namespace, "uninstall", "shop", "--wait", "--timeout=90s");
            assertThat(kubectl.run("-n", namespace, "get", "deployments,services,lamps", "-o", "name"))
                    .isEmpty();
            assertThat(kubectl.run("-n", namespace, "get", "configmap", "shop-farewell", "-o", "name"))
                    .as("a hook after deletion")
                    .isNotEmpty();
        } finally {
            kubectl.execute("delete", "namespace", namespace, "--wait=false");
            kubectl.execute("delete", "crd", "lamps.charts.example.com", "--wait=false");
        }
    }

    @Test
    @Behaviour("Helm, client-go, the Python client and fabric8's Java client work with it as with Kubernetes")
    void clientGoHasInformersApplyAndLeaderElectionByJsonAndByProtobuf() throws IOException {
        String source = Files.readString(Path.of("src/test/resources/clients/main.go"));
        Path program = program(source);
        assertThat(steps("client-go", program.toString()))
                .contains(
                        "informer told",
                        "create by protobuf",
                        "conflict of managers",
                        "extracted",
                        "dynamic merge patch",
                        "metadata only",
                        "next leader",
                        "deletion told");
    }

    @Test
    @Behaviour("Helm, client-go, the Python client and fabric8's Java client work with it as with Kubernetes")
    void thePythonClientWatchesPatchesAppliesExecutesAndReadsLogs() {
        Path python = python();
        assertThat(steps("client-python", python.toString(), "src/test/resources/clients/client.py"))
                .contains("watch", "JSON patch", "server-side apply", "exec", "log", "pages", "delete collection");
    }

    @Test
    @Behaviour("Helm, client-go, the Python client and fabric8's Java client work with it as with Kubernetes")
    void fabric8WatchesPatchesAppliesAndElectsALeader() {
        assertThat(java("client-fabric8", Fabric8Client.class))
                .contains("informer", "watch", "server-side apply", "exec", "log", "leader", "delete");
    }

    private String colour(String namespace) {
        return kubectl.run("-n", namespace, "get", "configmap", "shop-settings", "-o", "jsonpath={.data.colour}");
    }

    private List<String> java(String namespace, Class<?> program) {
        return steps(
                namespace,
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djava.net.preferIPv4Stack=true",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                program.getName());
    }

    /** Runs a client in the host's network, with the namespace as its last argument; what it prints are the steps that held. */
    private List<String> steps(String namespace, String... command) {
        kubectl.run("create", "namespace", namespace);
        try {
            List<String> words = new ArrayList<>(List.of(command));
            words.add(namespace);
            return run(words).succeeded().output().lines().toList();
        } finally {
            kubectl.run("delete", "namespace", namespace, "--wait=false");
        }
    }

    private String helm(Path helm, String namespace, String... arguments) {
        return execute(helm, namespace, arguments).succeeded().output();
    }

    private Execution execute(Path helm, String namespace, String... arguments) {
        List<String> words = new ArrayList<>(List.of(helm.toString(), "-n", namespace));
        words.addAll(List.of(arguments));
        return run(words);
    }

    private Execution run(List<String> command) {
        List<String> words = new ArrayList<>(cluster.node().host().enter());
        words.addAll(List.of("env", "-C", Path.of("").toAbsolutePath().toString()));
        words.addAll(command);
        Path home = cluster.node().kubeconfig().resolveSibling("client-home");
        return Execution.run(
                words,
                "",
                Map.of("KUBECONFIG", cluster.node().kubeconfig().toString(), "HOME", home.toString()),
                PATIENCE);
    }

    private Path helm() {
        try {
            return tools.helm();
        } catch (ClientTools.Unavailable e) {
            return abort("Helm is not to be had: " + e.getMessage());
        }
    }

    private Path program(String source) {
        try {
            return tools.go(source);
        } catch (ClientTools.Unavailable e) {
            return abort("client-go is not to be had: " + e.getMessage());
        }
    }

    private Path python() {
        try {
            return tools.python();
        } catch (ClientTools.Unavailable e) {
            return abort("the Python client is not to be had: " + e.getMessage());
        }
    }
}
