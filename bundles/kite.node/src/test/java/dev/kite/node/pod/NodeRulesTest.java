package dev.kite.node.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.api.client.EventRecorder;
import dev.kite.api.client.KubernetesClient;
import dev.kite.cri.ContainerImage;
import dev.kite.cri.ContainerRuntime;
import dev.kite.cri.Security;
import dev.kite.model.Quantity;
import dev.kite.model.core.v1.Pod;
import dev.kite.node.KubeletArguments;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What --kubelet-arg changes in how pods run. */
class NodeRulesTest {
    @TempDir
    Path folder;

    private static final Images.Listener SILENT = new Images.Listener() {
        @Override
        public void normal(String reason, String message) {
            // not looked at
        }

        @Override
        public void warning(String reason, String message) {
            // not looked at
        }
    };

    private static Pod limited() {
        return Pods.pod(spec ->
                spec.addContainers(one -> one.name("c").image("r.test/i:1").resources(resources -> {
                    resources.putLimits("cpu", Quantity.parse("1"));
                    resources.putLimits("memory", Quantity.parse("1Gi"));
                })));
    }

    private Cgroups cgroups(String... arguments) throws Exception {
        Files.writeString(folder.resolve("cgroup.controllers"), "");
        return new Cgroups(folder, "/", Cgroups.Rules.of(KubeletArguments.parse(arguments)));
    }

    /** A pod's cgroup, its files there as in the kernel's. */
    private Path made(Cgroups cgroups) throws Exception {
        Path pod = Files.createDirectories(folder.resolve("kubepods/podu1"));
        for (Path at = pod; !at.equals(folder.getParent()); at = Objects.requireNonNull(at.getParent())) {
            for (String file : List.of("cgroup.controllers", "cgroup.subtree_control", "pids.max", "cpu.max")) {
                Files.writeString(at.resolve(file), "");
            }
        }
        cgroups.make(limited());
        return pod;
    }

    @Test
    void aPodHasAsManyProcessesAsAskedFor() throws Exception {
        assertThat(made(cgroups()).resolve("pids.max")).hasContent("max");
        assertThat(made(cgroups("pod-max-pids=200")).resolve("pids.max")).hasContent("200");
        assertThat(made(cgroups("pod-max-pids=-1")).resolve("pids.max")).hasContent("max");
        Path old = Files.createDirectories(folder.resolve("v1"));
        Files.createDirectories(old.resolve("pids"));
        Files.writeString(old.resolve("pids/cgroup.procs"), "");
        Path its = Files.createDirectories(old.resolve("pids/kubepods/podu1"));
        Files.writeString(its.resolve("pids.max"), "");
        new Cgroups(old, "/", new Cgroups.Rules(true, 300)).make(limited());
        assertThat(its.resolve("pids.max")).hasContent("300");
    }

    @Test
    void limitsOfCpuAreEnforcedUnlessThatIsTurnedOff() throws Exception {
        assertThat(made(cgroups()).resolve("cpu.max")).hasContent("100000 100000");
        assertThat(made(cgroups("cpu-cfs-quota=false")).resolve("cpu.max")).hasContent("max 100000");
        Pod pod = limited();
        assertThat(Limits.container(pod, pod.spec().containers().getFirst(), 1L << 30, true)
                        .cpuQuota())
                .isEqualTo(100_000);
        assertThat(Limits.container(pod, pod.spec().containers().getFirst(), 1L << 30, false)
                        .cpuQuota())
                .isZero();
    }

    @Test
    void containersAreConfinedByDefaultWhereThatIsAskedFor() throws Exception {
        Pod plain = Pods.pod(spec -> spec.addContainers(one -> one.name("c"))
                .addContainers(one -> one.name("p").securityContext(context -> context.privileged(true))));
        SecurityMapping confined = new SecurityMapping(folder, true);
        assertThat(confined.container(plain, plain.spec().containers().getFirst(), null)
                        .seccomp())
                .isEqualTo(new Security.Profile(Security.Profile.Kind.RUNTIME_DEFAULT, ""));
        assertThat(confined.container(plain, plain.spec().containers().getLast(), null)
                        .seccomp())
                .isNull();
        assertThat(new SecurityMapping(folder, false)
                        .container(plain, plain.spec().containers().getFirst(), null)
                        .seccomp())
                .isNull();
    }

    private static EventRecorder counting(List<String> recorded) {
        return (EventRecorder) Proxy.newProxyInstance(
                NodeRulesTest.class.getClassLoader(),
                new Class<?>[] {EventRecorder.class},
                (proxy, method, arguments) -> {
                    recorded.add(String.valueOf(arguments[3]));
                    return null;
                });
    }

    @Test
    void noMoreEventsAreRecordedThanAskedFor() {
        AtomicLong nanos = new AtomicLong();
        List<String> recorded = new ArrayList<>();
        EventRecorder bounded = new BoundedEvents(
                counting(recorded), KubeletArguments.parse("event-qps=2", "event-burst=5"), nanos::get);
        Pod pod = limited();
        for (int i = 0; i < 10; i++) {
            bounded.normal(pod, "R", "m");
        }
        assertThat(recorded).hasSize(5);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        for (int i = 0; i < 10; i++) {
            bounded.warning(pod, "R", "m");
        }
        assertThat(recorded).hasSize(7);
        List<String> all = new ArrayList<>();
        EventRecorder unbounded = new BoundedEvents(counting(all), KubeletArguments.parse("event-qps=0"), nanos::get);
        for (int i = 0; i < 1000; i++) {
            unbounded.normal(pod, "R", "m");
        }
        assertThat(all).hasSize(1000);
    }

    private static KubernetesClient nobody() {
        return (KubernetesClient) Proxy.newProxyInstance(
                NodeRulesTest.class.getClassLoader(),
                new Class<?>[] {KubernetesClient.class},
                (proxy, method, arguments) -> null);
    }

    private static ContainerRuntime pulling(CountDownLatch together) {
        return (ContainerRuntime) Proxy.newProxyInstance(
                NodeRulesTest.class.getClassLoader(),
                new Class<?>[] {ContainerRuntime.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("pull")) {
                        together.countDown();
                        assertThat(together.await(2, TimeUnit.SECONDS))
                                .as("others pull too")
                                .isTrue();
                    }
                    return method.getReturnType() == Optional.class
                            ? together.getCount() > 0
                                    ? Optional.empty()
                                    : Optional.of(new ContainerImage("i", List.of(), List.of(), 1, null, "", false))
                            : null;
                });
    }

    @Test
    void imagesArePulledTogetherWhereThatIsAskedFor() throws Exception {
        assertThat(Images.Rules.of(KubeletArguments.parse()).together()).isEqualTo(1);
        CountDownLatch together = new CountDownLatch(2);
        Images images = new Images(
                pulling(together),
                nobody(),
                Images.Rules.of(KubeletArguments.parse("serialize-image-pulls=false")),
                () -> Pods.T0);
        List<Throwable> failed = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    pull(images);
                } catch (SyncException | InterruptedException | AssertionError e) {
                    failed.add(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failed).isEmpty();
    }

    private static void pull(Images images) throws SyncException, InterruptedException {
        Pod pod = limited();
        assertThat(images.get(pod, Containers.all(pod).getFirst(), null, new Backoffs(), SILENT))
                .isNotNull();
    }

    @Test
    void noMorePullsAreBegunThanAskedFor() throws Exception {
        CountDownLatch none = new CountDownLatch(0);
        Images images = new Images(
                (ContainerRuntime) Proxy.newProxyInstance(
                        NodeRulesTest.class.getClassLoader(),
                        new Class<?>[] {ContainerRuntime.class},
                        (proxy, method, arguments) -> method.getName().equals("image") ? Optional.empty() : null),
                nobody(),
                Images.Rules.of(KubeletArguments.parse("registry-qps=1", "registry-burst=2")),
                () -> Pods.T0);
        assertThat(none.getCount()).isZero();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> pull(images)).hasMessageContaining("was pulled and is not there");
        }
        assertThatThrownBy(() -> pull(images)).hasMessage("pull QPS exceeded");
    }
}
