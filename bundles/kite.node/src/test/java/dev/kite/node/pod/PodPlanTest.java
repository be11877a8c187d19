package dev.kite.node.pod;

import static dev.kite.node.pod.Pods.T0;
import static dev.kite.node.pod.Pods.created;
import static dev.kite.node.pod.Pods.exited;
import static dev.kite.node.pod.Pods.running;
import static dev.kite.node.pod.Pods.sandbox;
import static dev.kite.node.pod.Pods.simple;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.cri.ContainerStatus;
import dev.kite.model.Quantity;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.Probe;
import dev.kite.node.pod.PodView.Instance;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class PodPlanTest {
    private final ProbeResults probes = new ProbeResults();
    private final Backoffs backoffs = new Backoffs();
    private Instant now = T0.plusSeconds(100);

    private PodPlan plan(Pod pod, PodView view) {
        return PodPlan.run(pod, view, probes, backoffs, new Resizes(1L << 30, true), now);
    }

    private static PodView in(Instance... instances) {
        return new PodView(List.of(sandbox("s", 0, true)), List.of(instances));
    }

    private static List<String> words(PodPlan plan) {
        Function<Step, String> word = step -> switch (step) {
            case Step.EndAll() -> "end";
            case Step.MakeSandbox(int attempt) -> "sandbox " + attempt;
            case Step.Kill(Instance instance, Containers.Ref _, String _) -> "kill " + instance.id();
            case Step.Resize(Instance instance, Containers.Ref _) -> "resize " + instance.id();
            case Step.Remove(Instance instance) -> "remove " + instance.id();
            case Step.Start(Containers.Ref ref, int attempt) -> "start " + ref.name() + " " + attempt;
        };
        return plan.steps().stream().map(word).toList();
    }

    private static Pod withInit(String policy) {
        return Pods.pod(spec -> spec.restartPolicy(policy)
                .addInitContainers(one -> one.name("i1").image("i:1"))
                .addInitContainers(one -> one.name("i2").image("i:1"))
                .addContainers(one -> one.name("a").image("i:1")));
    }

    private static Pod withSidecar(String policy) {
        return Pods.pod(spec -> spec.restartPolicy(policy)
                .addInitContainers(one -> one.name("side")
                        .image("i:1")
                        .restartPolicy("Always")
                        .startupProbe(probe -> probe.exec(exec -> exec.addCommand("true"))))
                .addContainers(one -> one.name("a").image("i:1")));
    }

    @Test
    void aNewPodGetsItsSandboxAndAllContainers() {
        assertThat(words(plan(simple("Always", "a", "b"), PodView.NOTHING)))
                .containsExactly("sandbox 0", "start a 0", "start b 0");
    }

    @Test
    void initContainersRunOneAfterAnotherBeforeTheOthers() {
        Pod pod = withInit("Always");
        assertThat(words(plan(pod, PodView.NOTHING))).containsExactly("sandbox 0", "start i1 0");
        assertThat(words(plan(pod, in(running("i1", "s", 0))))).isEmpty();
        Instance first = exited("i1", "s", 0, 0, T0);
        assertThat(words(plan(pod, in(first)))).containsExactly("start i2 0");
        assertThat(words(plan(pod, in(first, exited("i2", "s", 0, 0, T0))))).containsExactly("start a 0");
    }

    @Test
    void aFailedInitContainerIsTriedAgainUnlessThePolicyIsNever() {
        Instance failed = exited("i1", "s", 0, 1, T0);
        assertThat(words(plan(withInit("Always"), in(failed)))).containsExactly("start i1 1");
        PodPlan never = plan(withInit("Never"), in(failed));
        assertThat(words(never)).containsExactly("end");
        assertThat(never.finished()).isFalse();
    }

    @Test
    void initContainersAreNotRunAgainWhileTheirSandboxLives() {
        assertThat(words(plan(withInit("Always"), in(running("a", "s", 0))))).isEmpty();
    }

    @Test
    void aSidecarStartsFirstAndHoldsTheOthersUntilItsStartupProbeSucceeds() {
        Pod pod = withSidecar("Always");
        assertThat(words(plan(pod, PodView.NOTHING))).containsExactly("sandbox 0", "start side 0");
        Instance side = running("side", "s", 0);
        assertThat(words(plan(pod, in(side)))).isEmpty();
        probes.put(side.id(), ProbeResults.Kind.STARTUP, ProbeResults.Result.SUCCESS);
        assertThat(words(plan(pod, in(side)))).containsExactly("start a 0");
        assertThat(words(plan(pod, in(exited("side", "s", 0, 0, T0), running("a", "s", 0)))))
                .containsExactly("start side 1");
    }

    @Test
    void aSidecarDoesNotKeepAFinishedPodAlive() {
        PodPlan plan = plan(withSidecar("Never"), in(running("side", "s", 0), exited("a", "s", 0, 0, T0)));
        assertThat(words(plan)).containsExactly("end");
    }

    @Test
    void restartPoliciesDecideWhetherAContainerRunsAgain() {
        assertThat(words(plan(simple("Always", "a"), in(exited("a", "s", 0, 0, T0)))))
                .containsExactly("start a 1");
        assertThat(words(plan(simple("OnFailure", "a"), in(exited("a", "s", 0, 3, T0)))))
                .containsExactly("start a 1");
        assertThat(words(plan(simple("OnFailure", "a"), in(exited("a", "s", 0, 0, T0)))))
                .containsExactly("end");
        assertThat(words(plan(simple("Never", "a", "b"), in(exited("a", "s", 0, 3, T0), running("b", "s", 0)))))
                .isEmpty();
        Pod rules = Pods.pod(spec -> spec.restartPolicy("Never")
                .addContainers(one -> one.name("a")
                        .image("i:1")
                        .addRestartPolicyRules(rule -> rule.action("Restart")
                                .exitCodes(codes -> codes.operator("In").values(List.of(42))))));
        assertThat(words(plan(rules, in(exited("a", "s", 0, 42, T0))))).containsExactly("start a 1");
        assertThat(words(plan(rules, in(exited("a", "s", 0, 1, T0))))).containsExactly("end");
    }

    @Test
    void crashesAreHeldBackLongerAndLonger() {
        Pod pod = simple("Always", "a");
        String key = PodPlan.backoffKey(Containers.app(pod).getFirst());
        Duration[] pauses = {
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(40),
            Duration.ofSeconds(80),
            Duration.ofSeconds(160),
            Duration.ofMinutes(5),
            Duration.ofMinutes(5)
        };
        int attempt = 0;
        assertThat(words(plan(pod, in(exited("a", "s", attempt, 1, now))))).containsExactly("start a 1");
        for (Duration pause : pauses) {
            backoffs.tried(key, now, now);
            attempt++;
            PodPlan held = plan(pod, in(exited("a", "s", attempt, 1, now)));
            assertThat(held.steps()).isEmpty();
            assertThat(held.nextStart()).isEqualTo(now.plus(pause));
            Instant crashed = now;
            now = now.plus(pause);
            assertThat(words(plan(pod, in(exited("a", "s", attempt, 1, crashed)))))
                    .containsExactly("start a " + (attempt + 1));
        }
        now = now.plus(Duration.ofMinutes(11));
        assertThat(words(plan(pod, in(exited("a", "s", attempt, 1, now)))))
                .as("after long peace")
                .containsExactly("start a " + (attempt + 1));
    }

    @Test
    void aFailedLivenessProbeRestartsAContainer() {
        Pod pod = Pods.pod(spec -> spec.addContainers(
                one -> one.name("a").image("i:1").livenessProbe(Probe.builder().build())));
        Instance instance = running("a", "s", 0);
        assertThat(words(plan(pod, in(instance)))).isEmpty();
        probes.put(instance.id(), ProbeResults.Kind.LIVENESS, ProbeResults.Result.FAILURE);
        assertThat(words(plan(pod, in(instance)))).containsExactly("kill a0");
        backoffs.tried(PodPlan.backoffKey(Containers.app(pod).getFirst()), now, now);
        PodPlan held = plan(pod, in(exited("a", "s", 0, 137, now)));
        assertThat(held.steps()).as("it crashed, as far as the back-off goes").isEmpty();
        assertThat(held.nextStart()).isEqualTo(now.plusSeconds(10));
    }

    @Test
    void aChangedImageReplacesTheContainerAtOnce() {
        Instance was = running("a", "s", 0);
        var old = was.status();
        Instance instance = new Instance(
                "s",
                new ContainerStatus(
                        old.id(),
                        old.name(),
                        0,
                        old.state(),
                        old.createdAt(),
                        old.startedAt(),
                        null,
                        0,
                        "",
                        "",
                        "i:1",
                        "",
                        Map.of(),
                        Map.of(Labels.HASH, "another"),
                        List.of(),
                        "",
                        null));
        assertThat(words(plan(simple("Always", "a"), in(instance)))).containsExactly("kill a0", "start a 1");
        assertThat(words(plan(simple("Never", "a"), in(instance)))).containsExactly("kill a0");
    }

    @Test
    void changedLimitsAreGivenInPlaceOrByARestartAsThePolicySays() {
        Instance was = running("a", "s", 0);
        var old = was.status();
        Instance instance = new Instance(
                "s",
                new ContainerStatus(
                        old.id(),
                        old.name(),
                        0,
                        old.state(),
                        old.createdAt(),
                        old.startedAt(),
                        null,
                        0,
                        "",
                        "",
                        "i:1",
                        "",
                        Map.of(),
                        Map.of(Labels.LIMITS, "2 0 0"),
                        List.of(),
                        "",
                        null));
        assertThat(words(plan(simple("Always", "a"), in(instance)))).isEmpty();
        Pod more = Pods.pod(spec -> spec.addContainers(one -> one.name("a")
                .image("i:1")
                .resources(resources -> resources.putLimits("memory", Quantity.parse("64Mi")))));
        assertThat(words(plan(more, in(instance)))).containsExactly("resize a0");
        Pod restart = Pods.pod(spec -> spec.addContainers(one -> one.name("a")
                .image("i:1")
                .addResizePolicy(policy -> policy.resourceName("memory").restartPolicy("RestartContainer"))
                .resources(resources -> resources.putLimits("memory", Quantity.parse("64Mi")))));
        assertThat(words(plan(restart, in(instance)))).containsExactly("kill a0", "start a 1");
    }

    @Test
    void aDeadSandboxIsReplacedAndAllStartsAnew() {
        PodView dead = new PodView(
                List.of(sandbox("s", 0, false)),
                List.of(exited("a", "s", 2, 137, T0), exited("i1", "s", 0, 0, T0), exited("i2", "s", 0, 0, T0)));
        assertThat(words(plan(withInit("Always"), dead))).containsExactly("sandbox 1", "start i1 1");
        assertThat(words(plan(simple("Always", "a"), dead))).containsExactly("sandbox 1", "start a 3");
        PodPlan never = plan(simple("Never", "a"), dead);
        assertThat(never.finished()).isTrue();
        assertThat(plan(
                                simple("OnFailure", "a"),
                                new PodView(List.of(sandbox("s", 0, false)), List.of(exited("a", "s", 0, 0, T0))))
                        .finished())
                .isTrue();
    }

    @Test
    void whatWasMadeAndNotStartedIsMadeAnew() {
        assertThat(words(plan(simple("Always", "a"), in(created("a", "s", 0)))))
                .containsExactly("remove a0", "start a 1");
    }

    @Test
    void theApisRestartCountGoesOnWhereTheRuntimeForgot() {
        Pod pod = simple("Always", "a").toBuilder()
                .status(status -> status.addContainerStatuses(
                        one -> one.name("a").restartCount(4).containerID("containerd://x")))
                .build();
        assertThat(words(plan(pod, PodView.NOTHING))).containsExactly("sandbox 0", "start a 5");
    }

    @Test
    void ephemeralContainersStartOnceAndNeverAgain() {
        Pod pod = Pods.pod(spec -> spec.addContainers(one -> one.name("a").image("i:1"))
                .addEphemeralContainers(one -> one.name("debug").image("i:1")));
        assertThat(words(plan(pod, in(running("a", "s", 0))))).containsExactly("start debug 0");
        assertThat(words(plan(pod, in(running("a", "s", 0), exited("debug", "s", 0, 1, T0)))))
                .isEmpty();
    }

    @Test
    void anEndingPodIsFinishedWhenNothingRunsAndNoSandboxIsReady() {
        assertThat(PodPlan.end(PodView.NOTHING).finished()).isTrue();
        assertThat(PodPlan.end(in()).finished()).isFalse();
        assertThat(PodPlan.end(new PodView(List.of(sandbox("s", 0, false)), List.of(exited("a", "s", 0, 0, T0))))
                        .finished())
                .isTrue();
    }
}
