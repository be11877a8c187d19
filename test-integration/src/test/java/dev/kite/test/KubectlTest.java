package dev.kite.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.behaviour.Behaviour;
import dev.kite.test.rig.Await;
import dev.kite.test.rig.Cluster;
import dev.kite.test.rig.Execution;
import dev.kite.test.rig.SharedCluster;
import java.io.BufferedReader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What kubectl does beyond the hello example. */
@ExtendWith(SharedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KubectlTest {
    private static final String SETTINGS = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings}
            data: {colour: %s}
            """;

    private final Cluster cluster;
    private Workspace work;

    KubectlTest(Cluster cluster) {
        this.cluster = cluster;
    }

    @BeforeAll
    void start() {
        work = new Workspace(cluster, "kubectl");
    }

    @AfterAll
    void end() {
        work.close();
    }

    @Test
    @Behaviour("Real kubectl: diff")
    void diffShowsWhatApplyWouldChange() {
        work.apply(SETTINGS.formatted("blue"));
        assertThat(work.executeWith(SETTINGS.formatted("blue"), "diff", "-f", "-")
                        .code())
                .isZero();
        Execution diff = work.executeWith(SETTINGS.formatted("green"), "diff", "-f", "-");
        assertThat(diff.code()).isEqualTo(1);
        assertThat(diff.output()).contains("-  colour: blue", "+  colour: green");
        assertThat(work.field("configmap/settings", ".data.colour")).isEqualTo("blue");
    }

    @Test
    @Behaviour("Real kubectl: apply --server-side, with conflicts between managers")
    void managersConflictOverFields() {
        String shared = SETTINGS.replace("name: settings", "name: shared");
        work.executeWith(shared.formatted("blue"), "apply", "--server-side", "--field-manager=one", "-f", "-")
                .succeeded();
        Execution refused =
                work.executeWith(shared.formatted("red"), "apply", "--server-side", "--field-manager=two", "-f", "-");
        assertThat(refused.code()).isNotZero();
        assertThat(refused.error()).contains("conflict with \"one\"", ".data.colour");
        work.executeWith(
                        shared.formatted("red"),
                        "apply",
                        "--server-side",
                        "--field-manager=two",
                        "--force-conflicts",
                        "-f",
                        "-")
                .succeeded();
        assertThat(work.field("configmap/shared", ".data.colour")).isEqualTo("red");
    }

    @Test
    @Behaviour("Real kubectl: explain, api-resources, auth can-i")
    void theApiExplainsItself() {
        assertThat(work.run("explain", "deployment.spec.strategy", "--recursive"))
                .contains("rollingUpdate", "maxSurge", "<RollingUpdateDeployment>");
        assertThat(work.run("auth", "can-i", "delete", "pods")).isEqualTo("yes\n");
        assertThat(work.execute("auth", "can-i", "get", "secrets", "--as=system:serviceaccount:kubectl:default")
                        .output())
                .isEqualTo("no\n");
        work.run("create", "role", "reads", "--verb=get", "--resource=secrets");
        work.run("create", "rolebinding", "reads", "--role=reads", "--serviceaccount=kubectl:default");
        Await.until(
                "the role counts",
                Workspace.PATIENCE,
                () -> work.execute("auth", "can-i", "get", "secrets", "--as=system:serviceaccount:kubectl:default")
                        .output()
                        .equals("yes\n"));
    }

    @Test
    @Behaviour("Real kubectl: get -w, wait")
    void changesAreWatchedAndWaitedFor() throws Exception {
        Process watch = new ProcessBuilder(work.kubectl()
                        .words(work.words("get", "configmaps", "-w", "-o", "name", "--field-selector=metadata.name=w")))
                .start();
        try (BufferedReader lines = watch.inputReader()) {
            Thread.sleep(1000);
            work.run("create", "configmap", "w");
            assertThat(lines.readLine()).isEqualTo("configmap/w");
            work.run("label", "configmap", "w", "a=b");
            assertThat(lines.readLine()).isEqualTo("configmap/w");
        } finally {
            watch.destroy();
        }
        assertThat(work.execute("wait", "--for=jsonpath={.data.x}=1", "configmap/w", "--timeout=1s")
                        .error())
                .contains("timed out");
        work.run("patch", "configmap", "w", "-p", "{\"data\":{\"x\":\"1\"}}");
        work.run("wait", "--for=jsonpath={.data.x}=1", "configmap/w", "--timeout=10s");
        work.run("delete", "configmap", "w", "--wait=false");
        work.run("wait", "--for=delete", "configmap/w", "--timeout=10s");
    }

    @Test
    @Behaviour("Real kubectl: an eviction respects disruption budgets; cordon, drain, uncordon")
    void aDrainEvictsWhatBudgetsAllow() {
        work.run("create", "deployment", "guarded", "--image=busybox:1.36", "--replicas=1", "--", "sleep", "3600");
        work.run("rollout", "status", "deployment/guarded", "--timeout=120s");
        work.run("create", "poddisruptionbudget", "guarded", "--selector=app=guarded", "--min-available=1");
        work.await("pdb/guarded", ".status.currentHealthy", "1");
        String pod = work.field("pod", ".items[0].metadata.name");
        try {
            Execution drain =
                    work.execute("drain", "node1", "--pod-selector=app=guarded", "--timeout=6s", "--ignore-daemonsets");
            assertThat(drain.code()).isNotZero();
            assertThat(drain.error()).contains("disruption budget");
            assertThat(work.run("get", "node", "node1")).contains("SchedulingDisabled");
            work.run("delete", "pdb", "guarded");
            work.run("drain", "node1", "--pod-selector=app=guarded", "--timeout=100s", "--ignore-daemonsets");
            work.awaitGone("pod/" + pod);
            Await.until(
                    "another waits for a node",
                    Workspace.PATIENCE,
                    () -> work.run(
                                    "get",
                                    "pods",
                                    "-l",
                                    "app=guarded",
                                    "--field-selector=status.phase=Pending",
                                    "-o",
                                    "name")
                            .contains("pod/guarded"));
        } finally {
            work.run("uncordon", "node1");
        }
        work.run("rollout", "status", "deployment/guarded", "--timeout=120s");
    }
}
