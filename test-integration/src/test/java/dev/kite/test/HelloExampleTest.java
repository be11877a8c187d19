package dev.kite.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.behaviour.Behaviour;
import dev.kite.test.rig.Await;
import dev.kite.test.rig.Cluster;
import dev.kite.test.rig.Execution;
import dev.kite.test.rig.Kubectl;
import dev.kite.test.rig.SharedCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The README's example with real kubectl, containerd and images: what issue 5 asks to see. */
@ExtendWith(SharedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HelloExampleTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Kubectl kubectl;

    @TempDir
    Path folder;

    HelloExampleTest(Cluster cluster) {
        this.kubectl = cluster.kubectl();
    }

    @BeforeAll
    void apply() {
        kubectl.run("apply", "-f", "examples/hello.yaml");
        kubectl.run("-n", "hello", "rollout", "status", "deployment/hello", "--timeout=180s");
    }

    @AfterAll
    void delete() {
        kubectl.run("delete", "namespace", "hello", "--wait=true", "--timeout=120s");
    }

    private String firstPod() {
        return kubectl.run("-n", "hello", "get", "pods", "-l", "app=hello", "-o", "jsonpath={.items[0].metadata.name}");
    }

    @Test
    @Behaviour("Real kubectl: apply -f examples/hello.yaml, rollout status, get all -o wide")
    void threePodsServeAndAreShown() {
        assertThat(kubectl.run("-n", "hello", "get", "deployment", "hello")).contains("3/3");
        assertThat(kubectl.run("-n", "hello", "get", "all", "-o", "wide"))
                .contains(
                        "pod/hello-",
                        "Running",
                        "service/hello",
                        "deployment.apps/hello",
                        "replicaset.apps/hello-",
                        "job.batch/visitor",
                        "cronjob.batch/greeter");
    }

    @Test
    @Behaviour("Pods reach Services by ClusterIP and by DNS name")
    void podsReachServicesByAddressAndName() {
        String address = kubectl.run("-n", "hello", "get", "service", "hello", "-o", "jsonpath={.spec.clusterIP}");
        for (String host : List.of(address, "hello", "hello.hello", "hello.hello.svc.cluster.local")) {
            assertThat(kubectl.run("-n", "hello", "exec", "deploy/hello", "--", "wget", "-qO-", "http://" + host))
                    .as(host)
                    .isEqualTo("Hello from Kite.\n");
        }
    }

    @Test
    @Behaviour("Pods reach the API at kubernetes.default with their service account token")
    void podsReachTheApiWithTheirToken() throws Exception {
        kubectl.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: client, namespace: hello}
                spec:
                  restartPolicy: Never
                  containers:
                  - name: kubectl
                    image: kite.test/kubectl:1
                    command: [/bin/sh, -c]
                    args:
                    - |
                      kubectl() { /bin/%s "$@"; }
                      kubectl version -o json
                      kubectl auth whoami
                      kubectl get namespace hello
                """.formatted(Kubectl.versions().getLast().getFileName()));
        Await.until(
                "the client has ended",
                PATIENCE,
                () -> kubectl.run("-n", "hello", "get", "pod", "client", "-o", "jsonpath={.status.phase}")
                        .matches("Succeeded|Failed"));
        assertThat(kubectl.run("-n", "hello", "logs", "client"))
                .contains("v1.36.2+k3s.kite", "system:serviceaccount:hello:default")
                .contains(
                        "namespaces \"hello\" is forbidden: User \"system:serviceaccount:hello:default\" cannot get resource \"namespaces\"");
    }

    @Test
    @Behaviour("Real kubectl: logs -f, exec -it, cp, port-forward")
    void execReturnsOutputErrorsAndCode() {
        Execution execution = kubectl.executeWith(
                "from stdin\n",
                "-n",
                "hello",
                "exec",
                "-i",
                "deploy/hello",
                "--",
                "sh",
                "-c",
                "cat; echo oops >&2; echo $GREETING; exit 7");
        assertThat(execution.output()).isEqualTo("from stdin\nwelcome\n");
        assertThat(execution.error()).contains("oops").contains("exit code 7");
        assertThat(execution.code()).isEqualTo(7);
    }

    @Test
    @Behaviour("Real kubectl: logs -f, exec -it, cp, port-forward")
    void filesAreCopiedBothWays() throws Exception {
        Path file = Files.write(folder.resolve("blob"), new byte[300_000]);
        String pod = firstPod();
        kubectl.run("-n", "hello", "cp", file.toString(), pod + ":/tmp/blob");
        kubectl.run(
                "-n", "hello", "cp", pod + ":/tmp/blob", folder.resolve("back").toString());
        assertThat(folder.resolve("back")).hasSameBinaryContentAs(file);
    }

    @Test
    @Behaviour("Real kubectl: logs -f, exec -it, cp, port-forward")
    void logsAreFollowed() throws Exception {
        kubectl.run(
                "-n",
                "hello",
                "run",
                "counter",
                "--image=busybox:1.36",
                "--restart=Never",
                "--",
                "sh",
                "-c",
                "for i in 1 2 3 4 5; do echo line $i; sleep 1; done");
        Await.until(
                "the counter runs",
                PATIENCE,
                () -> kubectl.run("-n", "hello", "get", "pod", "counter", "-o", "jsonpath={.status.phase}")
                        .matches("Running|Succeeded"));
        assertThat(kubectl.run("-n", "hello", "logs", "-f", "counter"))
                .isEqualTo("line 1\nline 2\nline 3\nline 4\nline 5\n");
        assertThat(kubectl.run("-n", "hello", "logs", "--tail=1", "counter")).isEqualTo("line 5\n");
        Await.until(
                "the counter has succeeded",
                PATIENCE,
                () -> kubectl.run("-n", "hello", "get", "pod", "counter", "-o", "jsonpath={.status.phase}")
                        .equals("Succeeded"));
    }

    @Test
    @Behaviour("Real kubectl: logs -f, exec -it, cp, port-forward")
    void portsAreForwarded() throws Exception {
        Process forward = new ProcessBuilder(kubectl.words("-n", "hello", "port-forward", "service/hello", "18080:80"))
                .redirectErrorStream(true)
                .start();
        try {
            Await.until("the port is forwarded", PATIENCE, () -> {
                Execution answer =
                        Execution.run(List.of(forwardedFetch()), "", java.util.Map.of(), Duration.ofSeconds(20));
                return answer.output().equals("Hello from Kite.\n");
            });
        } finally {
            forward.destroy();
            forward.waitFor(10, TimeUnit.SECONDS);
        }
    }

    private String[] forwardedFetch() {
        List<String> words = new java.util.ArrayList<>(kubectl.words().subList(0, 2));
        words.addAll(List.of("/bin/busybox", "wget", "-qO-", "http://127.0.0.1:18080/"));
        return words.toArray(String[]::new);
    }

    @Test
    @Behaviour("Real kubectl: describe")
    void describeTellsOfContainersAndEvents() {
        assertThat(kubectl.run("-n", "hello", "describe", "pod", firstPod()))
                .contains(
                        "Status:",
                        "Running",
                        "Liveness:",
                        "Readiness:",
                        "QoS Class:",
                        "Scheduled",
                        "Pulled",
                        "Created",
                        "Started");
        assertThat(kubectl.run("-n", "hello", "describe", "service", "hello")).contains("Endpoints:", ":8080");
    }

    @Test
    @Behaviour("a PVC on the local-storage class")
    void theJobWritesToItsVolumeOnceItIsThere() {
        kubectl.run("-n", "hello", "wait", "--for=condition=complete", "job/visitor", "--timeout=180s");
        assertThat(kubectl.run("-n", "hello", "logs", "job/visitor")).contains("Hello from Kite.");
        assertThat(kubectl.run("-n", "hello", "get", "pvc", "visits"))
                .contains("Bound")
                .contains("local-path");
    }

    @Test
    @Behaviour("Real kubectl: scale, set image with a rolling update, rollout undo")
    void aRollingUpdateAndItsUndoKeepPodsServing() {
        kubectl.run(
                "-n",
                "hello",
                "create",
                "deployment",
                "roll",
                "--image=busybox:1.36",
                "--replicas=2",
                "--",
                "sleep",
                "3600");
        kubectl.run("-n", "hello", "rollout", "status", "deployment/roll", "--timeout=120s");
        kubectl.run("-n", "hello", "scale", "deployment/roll", "--replicas=3");
        kubectl.run("-n", "hello", "rollout", "status", "deployment/roll", "--timeout=120s");
        kubectl.run("-n", "hello", "set", "image", "deployment/roll", "busybox=busybox:1.37");
        kubectl.run("-n", "hello", "rollout", "status", "deployment/roll", "--timeout=180s");
        Await.until("only the new image runs", PATIENCE, () -> images().stream().allMatch("busybox:1.37"::equals));
        assertThat(kubectl.run("-n", "hello", "rollout", "history", "deployment/roll"))
                .contains("1 ", "2 ");
        kubectl.run("-n", "hello", "rollout", "undo", "deployment/roll");
        kubectl.run("-n", "hello", "rollout", "status", "deployment/roll", "--timeout=180s");
        Await.until("only the old image runs", PATIENCE, () -> images().stream().allMatch("busybox:1.36"::equals));
        kubectl.run("-n", "hello", "delete", "deployment", "roll");
        Await.until(
                "its pods are gone",
                PATIENCE,
                () -> kubectl.run("-n", "hello", "get", "pods", "-l", "app=roll", "-o", "name")
                        .isEmpty());
    }

    private List<String> images() {
        return List.of(kubectl.run(
                        "-n",
                        "hello",
                        "get",
                        "pods",
                        "-l",
                        "app=roll",
                        "-o",
                        "jsonpath={.items[*].spec.containers[0].image}")
                .split(" "));
    }
}
