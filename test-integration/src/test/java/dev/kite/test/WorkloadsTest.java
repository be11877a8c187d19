package dev.kite.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.behaviour.Behaviour;
import dev.kite.test.rig.Await;
import dev.kite.test.rig.Cluster;
import dev.kite.test.rig.SharedCluster;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The controllers' kinds, with real containers. */
@ExtendWith(SharedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkloadsTest {
    private final Cluster cluster;
    private Workspace work;

    WorkloadsTest(Cluster cluster) {
        this.cluster = cluster;
    }

    @BeforeAll
    void start() {
        work = new Workspace(cluster, "workloads");
    }

    @AfterAll
    void end() {
        work.close();
    }

    @Test
    @Behaviour("Controllers: StatefulSet (ordered, with a claim for each pod)")
    void statefulPodsComeInOrderEachWithItsClaim() {
        work.apply("""
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: db}
                spec:
                  serviceName: db
                  replicas: 2
                  selector: {matchLabels: {app: db}}
                  template:
                    metadata: {labels: {app: db}}
                    spec:
                      terminationGracePeriodSeconds: 1
                      containers:
                      - name: db
                        image: busybox:1.36
                        command: [sh, -c, "hostname >> /data/names; exec sleep 3600"]
                        volumeMounts: [{name: data, mountPath: /data}]
                  volumeClaimTemplates:
                  - metadata: {name: data}
                    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}}
                """);
        work.run("rollout", "status", "statefulset/db", "--timeout=120s");
        String first = work.field("pod/db-0", ".status.conditions[?(@.type=='Ready')].lastTransitionTime");
        assertThat(work.field("pod/db-1", ".metadata.creationTimestamp")).isGreaterThanOrEqualTo(first);
        String uid = work.field("pod/db-0", ".metadata.uid");
        work.run("delete", "pod", "db-0");
        Await.until(
                "db-0 is another pod",
                Workspace.PATIENCE,
                () -> !work.field("pod/db-0", ".metadata.uid").equals(uid));
        work.awaitReady("pod/db-0");
        assertThat(work.shell("db-0", "cat /data/names").succeeded().output()).isEqualTo("db-0\ndb-0\n");
        work.run("scale", "statefulset/db", "--replicas=0");
        work.awaitGone("pod/db-0");
        assertThat(work.run("get", "pvc", "-o", "name")).contains("data-db-0", "data-db-1");
    }

    @Test
    @Behaviour("Controllers: DaemonSet")
    void aDaemonRunsOnTheNode() {
        work.apply("""
                apiVersion: apps/v1
                kind: DaemonSet
                metadata: {name: daemon}
                spec:
                  selector: {matchLabels: {app: daemon}}
                  template:
                    metadata: {labels: {app: daemon}}
                    spec:
                      terminationGracePeriodSeconds: 1
                      containers: [{name: main, image: "busybox:1.36", command: [sleep, "3600"]}]
                """);
        work.run("rollout", "status", "daemonset/daemon", "--timeout=120s");
        assertThat(work.field("daemonset/daemon", ".status.numberReady")).isEqualTo("1");
    }

    @Test
    @Behaviour("Controllers: Job (parallelism, back-off limit)")
    void jobsRunInParallelAndFailAfterTheirBackOff() {
        work.apply("""
                apiVersion: batch/v1
                kind: Job
                metadata: {name: many}
                spec:
                  completions: 4
                  parallelism: 2
                  template:
                    spec:
                      restartPolicy: Never
                      containers: [{name: main, image: "busybox:1.36", command: [sh, -c, "exit 0"]}]
                ---
                apiVersion: batch/v1
                kind: Job
                metadata: {name: hopeless}
                spec:
                  backoffLimit: 0
                  template:
                    spec:
                      restartPolicy: Never
                      containers: [{name: main, image: "busybox:1.36", command: [sh, -c, "exit 3"]}]
                """);
        work.run("wait", "--for=condition=complete", "job/many", "--timeout=120s");
        assertThat(work.field("job/many", ".status.succeeded")).isEqualTo("4");
        work.run("wait", "--for=condition=failed", "job/hopeless", "--timeout=120s");
        assertThat(work.field("job/hopeless", ".status.conditions[?(@.type=='Failed')].reason"))
                .isEqualTo("BackoffLimitExceeded");
    }

    @Test
    @Behaviour("Controllers: CronJob")
    void aCronJobStartsJobsOnItsMinute() {
        work.apply("""
                apiVersion: batch/v1
                kind: CronJob
                metadata: {name: tick}
                spec:
                  schedule: "* * * * *"
                  jobTemplate:
                    spec:
                      template:
                        spec:
                          restartPolicy: Never
                          containers: [{name: main, image: "busybox:1.36", command: [sh, -c, "exit 0"]}]
                """);
        work.run("create", "job", "--from=cronjob/tick", "by-hand");
        work.run("wait", "--for=condition=complete", "job/by-hand", "--timeout=120s");
        Await.until(
                "a job was started by the clock",
                Workspace.PATIENCE,
                () -> !work.field("cronjob/tick", ".status.lastScheduleTime").isEmpty());
        work.run("delete", "cronjob", "tick");
    }

    @Test
    @Behaviour("Node: init containers in order, sidecars beside them")
    void initContainersRunInOrderAndSidecarsStay() {
        work.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: prepared}
                spec:
                  terminationGracePeriodSeconds: 1
                  restartPolicy: Never
                  initContainers:
                  - {name: one, image: "busybox:1.36", command: [sh, -c, "echo one >> /s/order"], volumeMounts: [{name: s, mountPath: /s}]}
                  - {name: side, image: "busybox:1.36", restartPolicy: Always, command: [sh, -c, "echo side >> /s/order; exec sleep 3600"], volumeMounts: [{name: s, mountPath: /s}]}
                  - {name: two, image: "busybox:1.36", command: [sh, -c, "sleep 1; echo two >> /s/order"], volumeMounts: [{name: s, mountPath: /s}]}
                  containers:
                  - {name: main, image: "busybox:1.36", command: [sh, -c, "cat /s/order"], volumeMounts: [{name: s, mountPath: /s}]}
                  volumes: [{name: s, emptyDir: {}}]
                """);
        work.await("pod/prepared", ".status.phase", "Succeeded");
        assertThat(work.run("logs", "prepared", "-c", "main")).isEqualTo("one\nside\ntwo\n");
    }

    @Test
    @Behaviour("Node: probes, restart back-off")
    void aContainerThatIsNotAliveIsRestartedAndHeldBack() {
        work.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: sick}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                  - name: main
                    image: busybox:1.36
                    command: [sleep, "3600"]
                    livenessProbe: {exec: {command: ["false"]}, periodSeconds: 1, failureThreshold: 1}
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: crashing}
                spec:
                  containers: [{name: main, image: "busybox:1.36", command: [sh, -c, "exit 7"]}]
                """);
        work.await("pod/crashing", ".status.containerStatuses[0].state.waiting.reason", "CrashLoopBackOff");
        assertThat(work.field("pod/crashing", ".status.containerStatuses[0].lastState.terminated.exitCode"))
                .isEqualTo("7");
        Await.until(
                "the sick container was restarted",
                Workspace.PATIENCE,
                () -> Integer.parseInt(work.field("pod/sick", ".status.containerStatuses[0].restartCount")) > 0);
        assertThat(work.run("describe", "pod", "sick")).contains("Unhealthy", "Killing");
    }

    @Test
    @Behaviour("Node: cgroups for requests and limits")
    void limitsAreTheContainersCgroups() {
        work.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: greedy}
                spec:
                  restartPolicy: Never
                  containers:
                  - name: main
                    image: busybox:1.36
                    command: [sh, -c, "x=x; while true; do x=$x$x; done"]
                    resources: {limits: {memory: 32Mi}}
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: bounded}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                  - name: main
                    image: busybox:1.36
                    command: [sleep, "3600"]
                    resources: {requests: {cpu: 100m}, limits: {cpu: 500m, memory: 64Mi}}
                    env:
                    - {name: LIMIT, valueFrom: {resourceFieldRef: {resource: limits.memory}}}
                """);
        work.awaitReady("pod/bounded");
        String files = work.shell(
                        "bounded",
                        "cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null;"
                                + " cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us /sys/fs/cgroup/cpu.max 2>/dev/null; echo $LIMIT")
                .output();
        assertThat(files.lines().toList()).hasSize(3);
        assertThat(files).contains("67108864\n", "50000");
        assertThat(work.field("pod/bounded", ".status.qosClass")).isEqualTo("Burstable");
        work.await("pod/greedy", ".status.containerStatuses[0].state.terminated.reason", "OOMKilled");
        assertThat(work.field("pod/greedy", ".status.containerStatuses[0].state.terminated.exitCode"))
                .isEqualTo("137");
    }

    @Test
    @Behaviour("Node: ConfigMap, Secret, projected, downward, emptyDir, hostPath and PVC volumes")
    void volumesFollowTheirObjects() {
        work.run("create", "configmap", "live", "--from-literal=key=before");
        work.run("create", "secret", "generic", "quiet", "--from-literal=password=hush");
        work.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: reader, labels: {colour: blue}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                  - name: main
                    image: busybox:1.36
                    command: [sleep, "3600"]
                    env:
                    - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
                    volumeMounts: [{name: all, mountPath: /all}, {name: live, mountPath: /live}]
                  volumes:
                  - {name: live, configMap: {name: live}}
                  - name: all
                    projected:
                      sources:
                      - secret: {name: quiet}
                      - downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}
                """);
        work.awaitReady("pod/reader");
        assertThat(work.shell("reader", "cat /live/key /all/password; cat /all/labels; echo; echo $NODE")
                        .succeeded()
                        .output())
                .isEqualTo("beforehushcolour=\"blue\"\nnode1\n");
        work.run("patch", "configmap", "live", "-p", "{\"data\":{\"key\":\"after\"}}");
        work.run("label", "pod", "reader", "colour=green", "--overwrite");
        Await.until(
                "the change is seen in the volumes",
                Workspace.PATIENCE,
                () -> work.shell("reader", "cat /live/key /all/labels").output().equals("aftercolour=\"green\""));
    }

    @Test
    @Behaviour("Node: graceful termination: preStop, SIGTERM, the deadline")
    void podsEndInOrder() {
        work.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: polite}
                spec:
                  terminationGracePeriodSeconds: 20
                  containers:
                  - name: main
                    image: busybox:1.36
                    command: [sh, -c, "trap 'echo term >> /log/order; exit 0' TERM; while true; do sleep 0.2; done"]
                    lifecycle: {preStop: {exec: {command: [sh, -c, "echo prestop >> /log/order"]}}}
                    volumeMounts: [{name: log, mountPath: /log}]
                  volumes: [{name: log, persistentVolumeClaim: {claimName: log}}]
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: reader-of-log}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers: [{name: main, image: "busybox:1.36", command: [sleep, "3600"], volumeMounts: [{name: log, mountPath: /log}]}]
                  volumes: [{name: log, persistentVolumeClaim: {claimName: log}}]
                ---
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: log}
                spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}}
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: deaf}
                spec:
                  terminationGracePeriodSeconds: 2
                  containers: [{name: main, image: "busybox:1.36", command: [sh, -c, "trap '' TERM; while true; do sleep 1; done"]}]
                """);
        work.awaitReady("pod/polite");
        work.awaitReady("pod/deaf");
        work.awaitReady("pod/reader-of-log");
        long before = System.nanoTime();
        work.run("delete", "pod", "polite", "deaf");
        assertThat((System.nanoTime() - before) / 1_000_000_000L).isBetween(2L, 18L);
        assertThat(work.shell("reader-of-log", "cat /log/order").output()).isEqualTo("prestop\nterm\n");
    }

    @Test
    @Behaviour("Controllers: garbage collection (background, foreground, orphan)")
    void dependentsGoOrStayAsAsked() {
        for (String name : List.of("background", "foreground", "orphan")) {
            work.run("create", "deployment", name, "--image=busybox:1.36", "--replicas=1", "--", "sleep", "3600");
            work.run("rollout", "status", "deployment/" + name, "--timeout=120s");
            work.run("delete", "deployment", name, "--cascade=" + name);
            String left = work.run("get", "replicaset", "-l", "app=" + name, "-o", "name");
            if (name.equals("orphan")) {
                assertThat(left).isNotEmpty();
                assertThat(work.run(
                                "get",
                                "replicaset",
                                "-l",
                                "app=orphan",
                                "-o",
                                "jsonpath={.items[*].metadata.ownerReferences}"))
                        .isEmpty();
            } else if (name.equals("foreground")) {
                assertThat(left).isEmpty();
            } else {
                Await.until(
                        name + "'s pods are gone",
                        Workspace.PATIENCE,
                        () -> work.run("get", "replicaset,pods", "-l", "app=" + name, "-o", "name")
                                .isEmpty());
            }
        }
        work.run("delete", "replicaset", "-l", "app=orphan");
    }

    @Test
    @Behaviour("Controllers: namespaces: what is in a deleted one goes with it")
    void aDeletedNamespaceIsEmptiedAndGone() {
        try (Workspace doomed = new Workspace(cluster, "doomed")) {
            doomed.run("create", "configmap", "settings");
            doomed.pod("sleeper", "exec sleep 3600");
            doomed.awaitReady("pod/sleeper");
            doomed.kubectl().run("delete", "namespace", "doomed", "--timeout=120s");
            assertThat(doomed.execute("get", "pod", "sleeper").error()).contains("not found");
            doomed.kubectl().run("create", "namespace", "doomed");
            assertThat(doomed.execute("get", "configmap", "settings").error()).contains("not found");
        }
    }
}
