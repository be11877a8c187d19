package dev.kite.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.behaviour.Behaviour;
import dev.kite.test.rig.Await;
import dev.kite.test.rig.Cluster;
import dev.kite.test.rig.Execution;
import dev.kite.test.rig.Node;
import dev.kite.test.rig.Requirements;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Starting, stopping, starting again; and starts that can't succeed. */
@ExtendWith(Requirements.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LifeCycleTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final String SECRET = "correct-horse-battery";

    private Cluster cluster;

    @BeforeAll
    void start() throws Exception {
        cluster = Cluster.single("--token", SECRET);
    }

    @AfterAll
    void end() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    private String containerId() {
        return cluster.kubectl()
                .run("get", "pod", "stays", "-o", "jsonpath={.status.containerStatuses[0].containerID}");
    }

    @Test
    @Behaviour("SIGTERM ends it in order and leaves containers running; a second start adopts them")
    void containersOutliveTheServerAndAreAdopted() throws Exception {
        Node node = cluster.node();
        node.kubectl().run("run", "stays", "--image=busybox:1.36", "--", "sleep", "3600");
        node.kubectl().run("wait", "--for=condition=Ready", "pod/stays", "--timeout=120s");
        String before = containerId();
        assertThat(node.stop()).isZero();
        String running = node.execute("ps", "-eo", "args").output();
        assertThat(running).contains("sleep 3600");
        node.start();
        node.awaitReady();
        Await.until(
                "the pod is ready again",
                PATIENCE,
                () -> node.kubectl()
                        .run("get", "pod", "stays", "-o", "jsonpath={.status.conditions[?(@.type=='Ready')].status}")
                        .equals("True"));
        assertThat(containerId()).isEqualTo(before);
        assertThat(node.kubectl()
                        .run("get", "pod", "stays", "-o", "jsonpath={.status.containerStatuses[0].restartCount}"))
                .isEqualTo("0");
    }

    @Test
    @Behaviour("No secret in a log or a process list")
    void aTokenIsNeitherInTheProcessListNorInTheLog() throws Exception {
        Path process = Path.of("/proc", Long.toString(cluster.node().process().pid()));
        assertThat(Files.readString(process.resolve("cmdline")))
                .contains("kite.home")
                .doesNotContain(SECRET);
        assertThat(Files.readString(cluster.node().log())).doesNotContain(SECRET);
        assertThat(Files.readString(cluster.node().data().resolve("server/token")))
                .contains(SECRET);
    }

    @Test
    @Behaviour("It prints the kubeconfig's path, the API's address and one line a component as it becomes ready")
    void eachComponentSaysThatItIsReady() throws Exception {
        assertThat(Files.readString(cluster.node().log()))
                .contains("https://127.0.0.1:6443", cluster.node().kubeconfig().toString())
                .containsPattern("(?m)^api +ready after")
                .containsPattern("(?m)^node +ready after")
                .containsPattern("(?m)^proxy +ready after");
    }

    @Test
    @Behaviour("Bad input: a port in use is one line that says what to do")
    void aPortInUseIsSaidInOneLine() {
        Execution second = cluster.node()
                .kite(
                        "server",
                        "--data-dir=" + cluster.node().data() + "-second",
                        "--disable-agent",
                        "--write-kubeconfig=" + cluster.node().data() + "-second.yaml");
        assertThat(second.code()).isEqualTo(1);
        assertThat(second.error().lines().filter(line -> line.startsWith("kite:")))
                .singleElement()
                .asString()
                .contains("6443");
    }

    @Test
    @Behaviour("Bad input: unknown flags exit 2 with a suggestion")
    void anUnknownFlagExitsWithTwoAndASuggestion() {
        Execution wrong = cluster.node().kite("server", "--nod-name=x");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.error()).contains("did you mean --node-name?");
    }

    @Test
    @Behaviour("Bad input: a truncated kubeconfig is one line that says what to do")
    void aTruncatedKubeconfigIsSaidInOneLine() throws Exception {
        Path cut = cluster.node().data().resolveSibling("cut.yaml");
        String whole = Files.readString(cluster.node().kubeconfig());
        Files.writeString(cut, whole.substring(0, whole.length() / 2));
        Execution execution = cluster.node().kite("feature", "list", "--kubeconfig", cut.toString());
        assertThat(execution.code()).isEqualTo(1);
        assertThat(execution.error().lines()).singleElement().asString().startsWith("kite: the kubeconfig " + cut);
    }
}
