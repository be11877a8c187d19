package dev.kite.node.pod;

import static dev.kite.node.pod.Pods.T0;
import static dev.kite.node.pod.Pods.exited;
import static dev.kite.node.pod.Pods.running;
import static dev.kite.node.pod.Pods.sandbox;
import static dev.kite.node.pod.Pods.simple;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.model.core.v1.ContainerStatus;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.PodStatus;
import dev.kite.node.pod.PodView.Instance;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PodStatusesTest {
    private static final Instant NOW = T0.plusSeconds(50);
    private final Waits waits = new Waits();
    private final ProbeResults probes = new ProbeResults();

    private PodStatus status(Pod pod, PodView view, boolean ended, PodStatuses.@Nullable Verdict verdict) {
        return new PodStatuses(
                        pod,
                        view,
                        new PodStatuses.Facts(
                                waits,
                                probes,
                                Map.of(),
                                Map.of("a0", "bye"),
                                List.of("192.0.2.1"),
                                ended,
                                verdict,
                                NOW))
                .make();
    }

    private static PodView in(Instance... instances) {
        return new PodView(List.of(sandbox("s", 0, true)), List.of(instances));
    }

    private static String condition(PodStatus status, String type) {
        return status.conditions().stream()
                .filter(one -> one.type().equals(type))
                .map(one -> one.status() + " " + one.reason())
                .findFirst()
                .orElse("absent");
    }

    @Test
    void aPodWithoutContainersIsPendingAndCreating() {
        PodStatus status = status(simple("Always", "a"), PodView.NOTHING, false, null);
        assertThat(status.phase()).isEqualTo("Pending");
        assertThat(status.containerStatuses().getFirst().state().waiting().reason())
                .isEqualTo("ContainerCreating");
        assertThat(status.hostIP()).isEqualTo("192.0.2.1");
        assertThat(status.podIP()).isEmpty();
        assertThat(condition(status, "PodReadyToStartContainers")).isEqualTo("False ");
        assertThat(condition(status, "Initialized")).isEqualTo("True ");
        assertThat(condition(status, "Ready")).isEqualTo("False ContainersNotReady");
        assertThat(condition(status, "PodScheduled")).isEqualTo("True ");
    }

    @Test
    void aRunningPodIsReadyWithItsAddress() {
        PodStatus status = status(simple("Always", "a"), in(running("a", "s", 0)), false, null);
        assertThat(status.phase()).isEqualTo("Running");
        assertThat(status.podIP()).isEqualTo("10.42.0.5");
        assertThat(condition(status, "Ready")).isEqualTo("True ");
        ContainerStatus container = status.containerStatuses().getFirst();
        assertThat(container.ready()).isTrue();
        assertThat(container.started()).isTrue();
        assertThat(container.containerID()).isEqualTo("containerd://a0");
        assertThat(container.state().running().startedAt()).isEqualTo(T0);
    }

    @Test
    void readinessProbesAndGatesHoldReadinessBack() {
        Pod pod = Pods.pod(spec -> spec.addContainers(
                        one -> one.name("a").image("i:1").readinessProbe(probe -> probe.tcpSocket(tcp -> {})))
                .addReadinessGates(gate -> gate.conditionType("example.test/gate")));
        PodView view = in(running("a", "s", 0));
        assertThat(condition(status(pod, view, false, null), "ContainersReady")).isEqualTo("False ContainersNotReady");
        probes.put("a0", ProbeResults.Kind.READINESS, ProbeResults.Result.SUCCESS);
        PodStatus gated = status(pod, view, false, null);
        assertThat(condition(gated, "ContainersReady")).isEqualTo("True ");
        assertThat(condition(gated, "Ready")).isEqualTo("False ReadinessGatesNotReady");
        Pod open = pod.toBuilder()
                .status(before -> before.addConditions(
                        one -> one.type("example.test/gate").status("True")))
                .build();
        PodStatus ready = status(open, view, false, null);
        assertThat(condition(ready, "Ready")).isEqualTo("True ");
        assertThat(condition(ready, "example.test/gate"))
                .as("others' conditions stay")
                .isEqualTo("True ");
    }

    @Test
    void aCrashingContainerWaitsAndShowsItsLastEnd() {
        waits.put("a", new Waits.Wait("CrashLoopBackOff", "back-off 10s", null));
        PodStatus status = status(simple("Always", "a"), in(exited("a", "s", 0, 3, T0.plusSeconds(9))), false, null);
        ContainerStatus container = status.containerStatuses().getFirst();
        assertThat(container.state().waiting().reason()).isEqualTo("CrashLoopBackOff");
        assertThat(container.lastState().terminated().exitCode()).isEqualTo(3);
        assertThat(container.lastState().terminated().message()).isEqualTo("bye");
        assertThat(status.phase()).isEqualTo("Running");
    }

    @Test
    void finishedPodsSucceedOrFailByTheirExitCodes() {
        PodView good = new PodView(List.of(sandbox("s", 0, false)), List.of(exited("a", "s", 0, 0, T0)));
        PodView bad = new PodView(List.of(sandbox("s", 0, false)), List.of(exited("a", "s", 0, 2, T0)));
        PodStatus succeeded = status(simple("Never", "a"), good, true, null);
        assertThat(succeeded.phase()).isEqualTo("Succeeded");
        assertThat(condition(succeeded, "Ready")).isEqualTo("False PodCompleted");
        PodStatus failed = status(simple("Never", "a"), bad, true, null);
        assertThat(failed.phase()).isEqualTo("Failed");
        assertThat(condition(failed, "Ready")).isEqualTo("False PodFailed");
        Pod again = simple("Never", "a").toBuilder().status(failed).build();
        assertThat(status(again, good, true, null).phase())
                .as("an end is for good")
                .isEqualTo("Failed");
    }

    @Test
    void aVerdictFailsThePodWithItsReason() {
        PodStatus status = status(
                simple("Always", "a"),
                new PodView(List.of(), List.of(exited("a", "s", 0, 0, T0))),
                true,
                new PodStatuses.Verdict("DeadlineExceeded", "too long"));
        assertThat(status.phase()).isEqualTo("Failed");
        assertThat(status.reason()).isEqualTo("DeadlineExceeded");
    }

    @Test
    void containersOfAnUninitializedPodArePodInitializing() {
        Pod pod = Pods.pod(spec -> spec.addInitContainers(one -> one.name("i").image("i:1"))
                .addContainers(one -> one.name("a").image("i:1")));
        PodStatus status = status(pod, in(running("i", "s", 0)), false, null);
        assertThat(status.containerStatuses().getFirst().state().waiting().reason())
                .isEqualTo("PodInitializing");
        assertThat(status.initContainerStatuses().getFirst().state().hasRunning())
                .isTrue();
        assertThat(condition(status, "Initialized")).isEqualTo("False ContainersNotInitialized");
    }

    @Test
    void transitionTimesMoveOnlyWithTheStatus() {
        Pod pod = simple("Always", "a");
        PodStatus first = status(pod, in(running("a", "s", 0)), false, null);
        Pod old = pod.toBuilder()
                .status(first.toBuilder()
                        .conditions(first.conditions().stream()
                                .map(one ->
                                        one.toBuilder().lastTransitionTime(T0).build())
                                .toList())
                        .build())
                .build();
        assertThat(status(old, in(running("a", "s", 0)), false, null).conditions())
                .allMatch(one -> T0.equals(one.lastTransitionTime()));
        PodStatus changed = status(old, in(exited("a", "s", 0, 1, T0)), false, null);
        assertThat(changed.conditions())
                .filteredOn(one -> one.type().equals("Ready"))
                .allMatch(one -> NOW.equals(one.lastTransitionTime()));
        assertThat(changed.podIP()).isEqualTo("10.42.0.5");
    }
}
